import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  fileJournal,
  JournalCorruptError,
  type JournalRecord,
  LeaseHeldError,
  LeaseLostError,
  type OpenJournal,
} from '../src/index.ts';
import { eventsOf, failing, go } from './fixtures/go.ts';
import { noted, noting, planOf } from './fixtures/note.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'groundcrew-journal-'));
  path = join(folder, 'run.journal');
});

afterEach(() => rm(folder, { recursive: true }));

const at = '2026-01-01T00:00:00.000Z';
const plan = planOf([noted('é'), noted('b', { needs: ['é'] })]);
const holder = 'test';

const skip = (journal: OpenJournal, step: string): Promise<JournalRecord> =>
  journal.append({ type: 'step-skipped', step, because: 'test' }, at);

test('what was appended is there for the next one, with a higher token, readable by its owner alone', async () => {
  const first = await fileJournal(path).open({ holder });
  expect(first.records).toEqual([]);
  const record = await skip(first, 'a');
  expect(record).toEqual({
    sequence: 1,
    at,
    token: 1,
    event: { type: 'step-skipped', step: 'a', because: 'test' },
  });
  await first.close();
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
  const second = await fileJournal(path).open({ holder });
  expect(second.records).toEqual([record]);
  expect(second.token).toBe(2);
  expect(await skip(second, 'b')).toMatchObject({ sequence: 2, token: 2 });
  await second.close();
  expect(await fileJournal(path).read()).toHaveLength(2);
});

test('every line is JSON', async () => {
  await go(plan, { journal: fileJournal(path) });
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines.length).toBe(8);
  for (const [index, line] of lines.entries())
    expect(JSON.parse(line)).toMatchObject({
      crc: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      sequence: index + 1,
    });
});

test('a journal that is not there yet is empty, and reading does not make it', async () => {
  expect(await fileJournal(path).read()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('appends that come while the disk is busy are written together, in order', async () => {
  const journal = await fileJournal(path).open({ holder });
  const records = await Promise.all(Array.from({ length: 500 }, (_, index) => skip(journal, `s${index}`)));
  expect(records.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
  await journal.close();
  expect(await fileJournal(path).read()).toEqual(records);
});

test('cut at every byte, it resumes: nothing is lost, nothing is done twice', async () => {
  await go(plan, { journal: fileJournal(path), run: 'r' });
  const whole = await readFile(path);
  const records = await fileJournal(path).read();
  expect(whole.length).toBeGreaterThan(1500);
  // Thousands of journals: in memory, where the system has a place for it.
  const memory = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : folder, 'groundcrew-journal-'));
  const lengths = Array.from({ length: whole.length + 1 }, (_, length) => length).values();
  const cutting = async (file: string): Promise<void> => {
    for (const length of lengths) {
      const cut = whole.subarray(0, length);
      const lines = cut.toString('latin1').split('\n').length - 1;
      await writeFile(file, cut);
      const journal = fileJournal(file);
      expect(await journal.read()).toEqual(records.slice(0, lines));
      // Whatever had been started by then may have had its effect: let it have had.
      const effects = records
        .slice(0, lines)
        .flatMap(({ event }) => (event.type === 'step-started' ? [event.step] : []));
      const implementations = noting({
        done: async ({ name }) => (effects.includes(name) ? { noted: name } : undefined),
        async perform({ name }) {
          effects.push(name);
          return { noted: name };
        },
      });
      expect(await go(plan, { journal, implementations })).toMatchObject({
        status: 'succeeded',
        counts: { succeeded: 2 },
      });
      expect(effects).toEqual(['é', 'b']);
      const after = await journal.read();
      expect(after.slice(0, lines)).toEqual(records.slice(0, lines));
      expect(after.at(-1)?.event.type).toBe('run-ended');
    }
  };
  try {
    await Promise.all(['1', '2', '3', '4'].map((name) => cutting(join(memory, name))));
  } finally {
    await rm(memory, { recursive: true });
  }
}, 60_000);

test('damage before the tail is found, wherever it is, and its line named', async () => {
  await go(plan, { journal: fileJournal(path) });
  const whole = await readFile(path);
  let line = 1;
  for (let index = 0; index < whole.length; index += 1) {
    const damaged = Buffer.from(whole);
    damaged[index] = (damaged[index] ?? 0) ^ 1;
    await writeFile(path, damaged);
    const error: unknown = await fileJournal(path)
      .read()
      .catch((reason: unknown) => reason);
    expect(error, `byte ${index}`).toBeInstanceOf(JournalCorruptError);
    // Without its newline a line runs into the next; the last one is then a tail of two.
    const newline = whole[index] === 0x0a;
    expect(newline || (error as JournalCorruptError).line === line, `byte ${index}`).toBe(true);
    if (newline) line += 1;
    if (line === 8) break;
  }
  expect(line).toBe(8);
}, 60_000);

test('a damaged journal is refused, and left as it is for whoever looks into it', async () => {
  await go(plan, { journal: fileJournal(path) });
  await appendFile(path, '{"crc":"00000000","sequence":9}\n');
  const before = await readFile(path);
  const { log, implementations } = failing();
  const outcome = await go(plan, { journal: fileJournal(path), implementations });
  expect(outcome).toMatchObject({
    status: 'refused',
    refusals: [
      { code: 'run.journal', reason: expect.stringContaining(`${path}: line 9 does not match`) as string },
    ],
  });
  expect(log).toEqual([]);
  expect(await readFile(path)).toEqual(before);
  // The lease was given back.
  await expect(fileJournal(path).open({ holder })).rejects.toBeInstanceOf(JournalCorruptError);
});

test.each([
  ['lines that are none', 'hello\n', 1],
  ['a line that is missing', 'GAP', 2],
])('%s are found', async (_, text, line) => {
  if (text === 'GAP') {
    await go(plan, { journal: fileJournal(path) });
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, [lines[0], ...lines.slice(2)].join('\n'));
  } else await writeFile(path, text);
  await expect(fileJournal(path).read()).rejects.toMatchObject({ code: 'journal-corrupt', line });
});

test('an event that this release does not know is no reason to guess', async () => {
  await go(plan, { journal: fileJournal(path) });
  const journal = await fileJournal(path).open({ holder });
  await journal.append({ type: 'step-teleported', step: 'b' } as never, at);
  await journal.close();
  expect(await go(plan, { journal: fileJournal(path) })).toMatchObject({
    status: 'refused',
    refusals: [{ reason: expect.stringContaining('step-teleported is not known') as string }],
  });
});

test.each([
  ['its folder is missing', () => Promise.resolve(join(folder, 'missing', 'run.journal')), /ENOENT/],
  ['it is a folder', async () => (await mkdir(path), path), /EISDIR/],
])('%s: refused, nothing touched', async (_, where, message) => {
  const { log, implementations } = failing();
  const outcome = await go(plan, { journal: fileJournal(await where()), implementations });
  expect(outcome).toMatchObject({
    status: 'refused',
    refusals: [{ code: 'run.journal', reason: expect.stringMatching(message) as string }],
  });
  expect(log).toEqual([]);
});

test('one process has it at a time; the other is told who', async () => {
  const first = await fileJournal(path).open({ holder: 'controller-1' });
  const error: unknown = await fileJournal(path)
    .open({ holder: 'controller-2' })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LeaseHeldError);
  expect(error).toMatchObject({
    holder: 'controller-1',
    message: expect.stringContaining(`process ${process.pid} is alive`) as string,
  });
  await first.close();
  await (await fileJournal(path).open({ holder: 'controller-2' })).close();
});

test('of many that come at once, one gets it', async () => {
  const attempts = await Promise.allSettled(
    Array.from({ length: 20 }, () => fileJournal(path).open({ holder })),
  );
  const opened = attempts.filter((attempt) => attempt.status === 'fulfilled');
  expect(opened).toHaveLength(1);
  const refused = attempts.filter((attempt) => attempt.status === 'rejected');
  for (const { reason } of refused) expect(reason).toBeInstanceOf(LeaseHeldError);
  await opened[0]?.value.close();
});

/** The holder wakes up, and somebody else has succeeded it, as on another machine after it was silent for long. */
const usurp = async (of: OpenJournal): Promise<OpenJournal> => {
  const lock = `${path}.lock.${of.token}`;
  await writeFile(lock, JSON.stringify({ holder: 'the dead', pid: 1 }));
  const long = (await stat(lock)).mtime.getTime() - 61_000;
  const file = await open(lock, 'r+');
  await file.utimes(new Date(long), new Date(long));
  await file.close();
  return fileJournal(path).open({ holder: 'the heir' });
};

test('who has lost the lease finds out before it writes', async () => {
  const old = await fileJournal(path).open({ holder });
  await skip(old, 'a');
  const heir = await usurp(old);
  expect(heir.token).toBe(old.token + 1);
  await expect(skip(old, 'b')).rejects.toBeInstanceOf(LeaseLostError);
  expect(old.lost.aborted).toBe(true);
  await skip(heir, 'c');
  await expect(skip(old, 'd')).rejects.toBeInstanceOf(LeaseLostError);
  expect(await eventsOf(fileJournal(path))).toEqual(['step-skipped a', 'step-skipped c']);
  expect(await readFile(path, 'utf8')).not.toMatch(/"step":"[bd]"/);
  // Nor does closing it take the lease from the heir.
  await old.close();
  await skip(heir, 'e');
  await heir.close();
});

test('what a holder writes in the moment in which it loses the lease does not count', async () => {
  const old = await fileJournal(path).open({ holder });
  await skip(old, 'a');
  const heir = await usurp(old);
  // As if it had been stopped between its look at the lease and its write.
  const lines = (await readFile(path, 'utf8')).split('\n');
  const late = await fileJournal(join(folder, 'late')).open({ holder });
  await skip(late, 'x');
  await skip(late, 'late');
  await late.close();
  const [, line] = (await readFile(join(folder, 'late'), 'utf8')).split('\n');
  await appendFile(path, `${line}\n`);
  await skip(heir, 'c');
  await appendFile(path, `${line}\n`);
  await skip(heir, 'd');
  await heir.close();
  await old.close();
  expect(lines).toHaveLength(2);
  expect(await eventsOf(fileJournal(path))).toEqual(['step-skipped a', 'step-skipped c', 'step-skipped d']);
});

test('a run that loses its lease stops: running steps are told, and it ends as interrupted', async () => {
  const acting = Promise.withResolvers<AbortSignal>();
  const usurped = Promise.withResolvers<OpenJournal>();
  const opened = Promise.withResolvers<OpenJournal>();
  const journal = fileJournal(path);
  const outcome = go(planOf([noted('a'), noted('b')]), {
    journal: {
      ...journal,
      async open(options) {
        const mine = await journal.open(options);
        opened.resolve(mine);
        return mine;
      },
    },
    implementations: noting({
      async perform({ name }, { signal }) {
        if (name === 'b') await usurped.promise;
        else
          await new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error));
            acting.resolve(signal);
          });
        return { noted: name };
      },
    }),
  });
  await acting.promise;
  const heir = await usurp(await opened.promise);
  usurped.resolve(heir);
  const signal = await acting.promise;
  expect(await outcome).toMatchObject({
    status: 'interrupted',
    reason: expect.stringContaining('has lost') as string,
  });
  expect(signal.aborted).toBe(true);
  await heir.close();
});

test('the lease was tidied away: the token rises all the same', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const journal = await fileJournal(path).open({ holder });
    await skip(journal, 's');
    await journal.close();
  }
  for (const name of await readdir(folder)) if (name.includes('.lock.')) await rm(join(folder, name));
  const journal = await fileJournal(path).open({ holder });
  expect(journal.token).toBe(4);
  await skip(journal, 's');
  await journal.close();
  expect((await fileJournal(path).read()).map(({ token }) => token)).toEqual([1, 2, 3, 4]);
});

test('nothing lies about afterwards but the journal and its lease', async () => {
  await go(plan, { journal: fileJournal(path) });
  await go(plan, { journal: fileJournal(path) });
  expect((await readdir(folder)).toSorted()).toEqual(['run.journal', 'run.journal.lock.2']);
});
