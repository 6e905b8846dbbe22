// A journal is a file that somebody may have edited, cut, copied together or written with a newer release. Cases: a plan
// edited while its stored digest was kept, and a format of a newer release (issue 9, kind 11). What a journal must survive
// is what PostgreSQL's WAL, etcd's (etcd-io/etcd 11651) and Raft logs are checked for: lost, doubled, moved records.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  definePlan,
  fileJournal,
  type Journal,
  type JournalCorruptError,
  type JournalRecord,
  memoryJournal,
  replay,
} from '../../src/index.ts';
import { go } from '../fixtures/go.ts';
import { noted, noting, planOf } from '../fixtures/note.ts';

const plan = planOf(
  [noted('a'), noted('b', { needs: ['a'], onFailure: 'continue' }), noted('c', { after: ['b'] })],
  { gates: [{ id: 'yes', question: 'Go on?', before: ['c'] }] },
);

type Loose = { [key: string]: unknown };

/** A run that halts at its gate, is resumed, and ends: of every kind of record of a run that goes forward. */
async function whole(): Promise<JournalRecord[]> {
  const journal = memoryJournal();
  const implementations = noting({
    async perform({ name }) {
      if (name === 'b') throw new Error('no b');
      return { noted: name };
    },
  });
  await go(plan, { journal, implementations, run: 'r' });
  await go(plan, { journal, implementations, gate: async () => 'open' });
  return [...(await journal.read())];
}

/** A run that goes back. */
async function undone(): Promise<JournalRecord[]> {
  const journal = memoryJournal();
  const implementations = noting({
    async perform({ name }) {
      if (name === 'c') throw new Error('no c');
      return { noted: name };
    },
  });
  await go(plan, { journal, implementations, run: 'r', onFailure: 'roll-back', gate: async () => 'open' });
  return [...(await journal.read())];
}

type Forged = { -readonly [Key in keyof JournalRecord]: JournalRecord[Key] };

const copyOf = (records: readonly JournalRecord[]): Forged[] =>
  JSON.parse(JSON.stringify(records)) as Forged[];

/** Puts a value at a path of a journal: `0.event.plan.digest`. */
function put(records: readonly Forged[], path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let holder = records as unknown as Loose;
  for (const name of names) holder = holder[name] as Loose;
  holder[last] = value;
}

const errorOf = (records: readonly unknown[]): JournalCorruptError | undefined => {
  try {
    replay(records as readonly JournalRecord[]);
    return undefined;
  } catch (error) {
    return error as JournalCorruptError;
  }
};

/** An edit: what was done, where, and the value that was put there; the record that tells it, and the field. */
const edits: readonly [what: string, path: string, value: unknown, line: number, field: string][] = [
  ['the plan’s steps, its digest kept', '0.event.plan.steps.0.input.name', 'z', 1, 'event.plan.digest'],
  ['the plan’s digest', '0.event.plan.digest', `sha256:${'0'.repeat(64)}`, 1, 'event.plan.digest'],
  ['a plan of a newer format', '0.event.plan.format', 3, 1, 'event.plan.format'],
  ['a journal of a newer format', '0.event.format', 2, 1, 'event.format'],
  ['a record of a newer format', '1.format', 2, 2, 'format'],
  ['a field that is not known here', '1.event.undoes', 'a', 2, 'event.undoes'],
  ['a plan that is none', '0.event.plan', null, 1, 'event.plan'],
  ['a plan as text', '0.event.plan', JSON.stringify(plan), 1, 'event.plan'],
  ['the run’s id, of which keys are made', '0.event.run', 'other', 2, 'event.key'],
  ['a key', '1.event.key', 'r/z', 2, 'event.key'],
  ['an attempt', '1.event.attempt', 3, 2, 'event.attempt'],
  ['a step that is not in the plan', '1.event.step', 'z', 2, 'event.step'],
  ['a gate that is not in the plan', '9.event.gate', 'no', 10, 'event.gate'],
  ['a time that falls', '3.at', '2001-01-01T00:00:00.000Z', 4, 'at'],
  ['a time that is none', '3.at', 'yesterday', 4, 'at'],
  ['a token that falls', '12.token', 1, 13, 'token'],
  ['an end that is better than it was', '12.event.outcome.status', 'rolled-back', 13, 'event.outcome.status'],
  [
    'counts that are better than they were',
    '12.event.outcome.counts.succeeded',
    3,
    13,
    'event.outcome.counts',
  ],
  ['failures that went missing', '12.event.outcome.failures', [], 13, 'event.outcome.failures'],
  ['an end of another run', '12.event.outcome.run', 'x', 13, 'event.outcome.run'],
  ['an end that no run writes', '12.event.outcome.status', 'refused', 13, 'event.outcome.status'],
  ['an event of a newer release', '4.event.type', 'step-teleported', 5, 'event.type'],
  ['a record that is nothing', '4', null, 5, ''],
  ['an event that is nothing', '4.event', null, 5, 'event'],
];

/** Records lost, doubled, moved, of another run; and whether the numbers were made anew. */
const moves: readonly [
  what: string,
  move: (records: Forged[]) => unknown,
  anew: boolean,
  line: number,
  field: string,
][] = [
  ['a record lost', (r) => r.splice(1, 1), false, 2, 'sequence'],
  ['the first record lost', (r) => r.splice(0, 1), false, 1, 'sequence'],
  ['the first record lost, the numbers made anew', (r) => r.splice(0, 1), true, 1, 'event.type'],
  ['a record lost, the numbers made anew', (r) => r.splice(1, 1), true, 2, 'event.type'],
  ['a record doubled, the numbers made anew', (r) => r.splice(2, 0, ...r.slice(2, 3)), true, 4, 'event.type'],
  [
    'two records swapped, the numbers made anew',
    (r) => r.splice(1, 2, ...r.slice(1, 3).toReversed()),
    true,
    2,
    'event.type',
  ],
  [
    'two runs, one after the other',
    (r) => r.push(...r.slice(0, 1).map((entry) => ({ ...entry, token: 9 }))),
    true,
    14,
    'event.type',
  ],
];

function renumbered(records: readonly Forged[]): Forged[] {
  const first = records[0]?.at ?? '';
  return records.map((record, place) => ({
    ...record,
    sequence: place + 1,
    // All at once, so that no time says which was moved.
    at: first,
    token: place < 7 ? 1 : Math.max(2, record.token),
  }));
}

let records: JournalRecord[] = [];
beforeEach(async () => {
  records = await whole();
});

describe('a journal that was edited is refused, with the record and its field', () => {
  test('and one that was not is read', async () => {
    expect(replay(records)?.outcome?.status).toBe('partially-succeeded');
    expect(replay(await undone())?.outcome?.status).toBe('rolled-back');
  });

  /** The result of `replay`, and that of a run. */
  const told = async (forged: readonly Forged[]): Promise<unknown> => {
    const log: string[] = [];
    const implementations = noting({
      async perform({ name }) {
        log.push(name);
        return { noted: name };
      },
    });
    const journal: Journal = {
      ...memoryJournal(),
      open: async (options) => ({ ...(await memoryJournal().open(options)), records: forged }),
    };
    const outcome = await go(plan, { journal, implementations });
    const { code, line, field, message } = errorOf(forged) ?? {};
    return {
      code,
      line,
      field,
      named: message?.includes(field ?? '?'),
      refused: outcome.status === 'refused' && outcome.refusals.map((refusal) => refusal.code),
      log,
    };
  };
  const refused = (line: number, field: string): unknown => ({
    code: 'journal-corrupt',
    line,
    field,
    named: true,
    refused: ['run.journal'],
    log: [],
  });

  test.each(edits)('%s', async (_, path, value, line, field) => {
    const forged = copyOf(records);
    put(forged, path, value);
    expect(await told(forged)).toEqual(refused(line, field));
  });

  test.each(moves)('%s', async (_, move, anew, line, field) => {
    const forged = copyOf(records);
    move(forged);
    expect(await told(anew ? renumbered(forged) : forged)).toEqual(refused(line, field));
  });

  test('a step that began before what it needs, and one behind a closed gate', () => {
    const begun = (step: string): JournalRecord['event'] => ({
      type: 'step-started',
      step,
      attempt: 1,
      key: `r/${step}`,
    });
    const early = [...copyOf(records).slice(0, 1), { ...copyOf(records)[1], event: begun('b') }];
    expect(errorOf(early)).toMatchObject({ line: 2, field: 'event.step' });
    const closed = renumbered(copyOf(records).filter(({ event }) => event.type !== 'gate-opened'));
    expect(errorOf(closed)?.message).toContain('before gate yes was open');
  });

  test('of a run that goes back: what was not begun to be undone is not undone', async () => {
    const back = copyOf(await undone()).filter(({ event }) => event.type !== 'compensation-started');
    const forged = back.map((record, place) => ({ ...record, sequence: place + 1 }));
    expect(errorOf(forged)).toMatchObject({ field: 'event.type' });
  });
});

describe('in a file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'groundcrew-foreign-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lineOf = (record: object): string => {
    const text = JSON.stringify(record);
    return `{"crc":"${crc32(text).toString(16).padStart(8, '0')}",${text.slice(1)}\n`;
  };

  test('the edited steps do not run, although digest and checksums fit', async () => {
    const path = join(folder, 'run.journal');
    await go(plan, { journal: fileJournal(path), run: 'r' });
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const forged = lines.map((line) => JSON.parse(line.replace(/^\{"crc":"[0-9a-f]{8}",/, '{')) as Forged);
    put(forged, '0.event.plan.steps.2.input.name', 'somebody else');
    await writeFile(path, forged.map(lineOf).join(''));
    const log: string[] = [];
    const implementations = noting({
      async perform({ name }) {
        log.push(name);
        return { noted: name };
      },
    });
    expect(
      await go(plan, { journal: fileJournal(path), implementations, gate: async () => 'open' }),
    ).toMatchObject({
      status: 'refused',
      refusals: [{ reason: expect.stringContaining('event.plan.digest') as string }],
    });
    expect(log).toEqual([]);
  });

  test('any edit of one value is refused, or changes nothing of what is done', async () => {
    const path = join(folder, 'run.journal');
    const own = copyOf(records);
    const meaning = JSON.stringify(meaningOf(records));
    const holds = fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.constantFrom<unknown>('z', '', 0, -1, 1e9, true, null, [], {}, 'sha256:0', '2030-01-01T00:00:00Z'),
        async (which, where, value) => {
          const forged = copyOf(own);
          const record = forged.at(which % forged.length);
          const places = record === undefined ? [] : placesIn(record);
          const place = places.at(where % Math.max(places.length, 1));
          if (place !== undefined) place[0][place[1]] = value;
          await writeFile(path, forged.map(lineOf).join(''));
          try {
            const state = replay(await fileJournal(path).read());
            return JSON.stringify(meaningOf(state === undefined ? [] : forged)) === meaning;
          } catch (error) {
            return (error as JournalCorruptError).code === 'journal-corrupt';
          }
        },
      ),
      { numRuns: 1_500 },
    );
    await expect(holds).resolves.toBeUndefined();
  });
});

/**
 * The facts that a run goes by: the steps that are done, the gates that are open, the outputs; not who wrote them,
 * when, or in which words.
 */
function meaningOf(read: readonly JournalRecord[]): unknown {
  const state = replay(read);
  return [
    state?.plan.digest,
    state?.run,
    [...(state?.openGates ?? [])],
    [...(state?.steps ?? [])].map(([id, { state: now, attempts, acted, mayHaveActed }]) => [
      id,
      now,
      attempts,
      acted,
      mayHaveActed,
    ]),
    state?.outcome?.status,
  ];
}

/** Every place of a record that holds a value. */
function placesIn(holder: Loose): [Loose, string][] {
  return Object.keys(holder).flatMap((key): [Loose, string][] => {
    const value = holder[key];
    return typeof value === 'object' && value !== null
      ? [[holder, key], ...placesIn(value as Loose)]
      : [[holder, key]];
  });
}

test('a clock that was set back makes no journal whose times fall', async () => {
  let now = Date.parse('2026-01-01T01:00:00Z');
  const journal = memoryJournal();
  const clock = {
    now: () => (now -= 60_000),
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((__, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
  };
  await go(definePlan({ id: 'p', title: 'P', steps: [noted('a'), noted('b')] }), { journal, clock });
  const times = (await journal.read()).map((record) => record.at);
  expect(times).toEqual(times.toSorted());
  expect(replay(await journal.read())?.outcome?.status).toBe('succeeded');
});
