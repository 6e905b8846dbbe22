import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '@groundcrew/ground';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followLogs, type FollowOptions, type FollowPositions } from '../../src/follow.ts';
import { journal, type JournalOptions } from '../../src/read.ts';

// A program that answers as journalctl does, out of a file with an entry in each line; live/follow-journald.test.ts has the real one.
const JOURNALCTL = `
const fs = process.getBuiltinModule('node:fs');
const [, folder, ...args] = process.argv;
const flag = (name) => args.find((one) => one.startsWith('--' + name + '='))?.slice(name.length + 3);
fs.appendFileSync(folder + '/asked', args.at(-1) + '\\n');
if (fs.existsSync(folder + '/down')) {
  console.error('ssh: connect to host node-1 port 22: No route to host');
  process.exit(255);
}
const lines = fs.readFileSync(folder + '/journal', 'utf8').split('\\n').filter((line) => line !== '');
const numberOf = (text) => Number(/i=(\\d+);/.exec(text)?.[1] ?? NaN);
const microsOf = (line) => Number(/"__REALTIME_TIMESTAMP":"(\\d+)"/.exec(line)?.[1] ?? NaN);
const cursor = flag('cursor');
const since = flag('since');
let from = 0;
if (flag('lines') === '1') from = lines.length - 1;
else if (cursor !== undefined) from = lines.findIndex((line) => numberOf(line) >= numberOf(cursor));
else if (since?.startsWith('@')) from = lines.findIndex((line) => microsOf(line) >= Number(since.slice(1)) * 1e6);
if (from >= 0) for (const line of lines.slice(from)) console.log(line);
`;

const START_MS = 1_764_471_180_000;
const HEAD = '2025-11-30 03:13:00.264 42';
let folder = '';
let number = 0;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-follow-journal-'));
  number = 0;
  await writeFile(path.join(folder, 'journal'), '');
});
afterEach(() => rm(folder, { recursive: true }));

const hostOf = (at: string, name = 'node-1') =>
  localHost({ name, prefix: [process.execPath, '-e', JOURNALCTL, '--', at] });
const source = (options: JournalOptions = {}) => journal(hostOf(folder), options);

/** A line of the journal: the process `pid` of a unit wrote it. */
function entry(message: string, pid = 42, unit = 'nova-compute'): string {
  number += 1;
  return `${JSON.stringify({
    __CURSOR: `s=1;i=${number};b=2;m=${number};t=${number};x=3`,
    __REALTIME_TIMESTAMP: String(START_MS * 1_000 + number),
    _SYSTEMD_UNIT: `${unit}.service`,
    _PID: String(pid),
    _HOSTNAME: 'node-1',
    MESSAGE: message,
  })}\n`;
}
const head = (message: string, level = 'INFO'): string => `${HEAD} ${level} nova.x [-] ${message}`;
const bare = (message: string): string => `${HEAD} ERROR nova.x ${message}`;
const write = (...entries: readonly string[]) => appendFile(path.join(folder, 'journal'), entries.join(''));
const nothing = async (): Promise<void> => {};

interface Followed {
  readonly messages: readonly string[];
  readonly positions: FollowPositions;
  readonly following: ReturnType<typeof followLogs>;
  /** Milliseconds of each pause. */
  readonly pauses: readonly number[];
}

/** Follows, and does one thing after another each time when all was read; then ends, or after `most` messages as if it were killed. */
async function follow(
  steps: readonly (() => Promise<unknown>)[],
  {
    most = Infinity,
    at = source(),
    ...options
  }: FollowOptions & { most?: number; at?: ReturnType<typeof journal> } = {},
): Promise<Followed> {
  const stop = new AbortController();
  const waiting = [...steps];
  const pauses: number[] = [];
  const clock: Clock = {
    now: () => START_MS,
    sleep: async (ms) => {
      const step = waiting.shift();
      if (step === undefined) {
        stop.abort();
        throw stop.signal.reason;
      }
      pauses.push(ms);
      await step();
    },
  };
  const following = followLogs(at, { signal: stop.signal, clock, ...options });
  const messages: string[] = [];
  let positions = following.positions();
  if (most === 0) return { messages, positions, following, pauses };
  for await (const record of following) {
    messages.push([record.message, ...record.more].join('|'));
    positions = following.positions();
    if (messages.length >= most) return { messages, positions, following, pauses };
  }
  return { messages, positions: following.positions(), following, pauses };
}

const kept = (positions: FollowPositions): FollowPositions =>
  JSON.parse(JSON.stringify(positions)) as FollowPositions;

test('what was there is not told; the lines of one process are one message, until it says another or is quiet for one poll', async () => {
  await write(entry(head('before')));
  const { messages } = await follow([
    () =>
      write(
        entry(head('one', 'ERROR')),
        entry(head('of another', 'INFO'), 7),
        entry(bare('Traceback (most recent call last):')),
      ),
    () => write(entry(bare('ValueError: x')), entry('kernel says', 0, 'kernel')),
    () => write(entry(head('of another too'), 7)),
    nothing,
    nothing,
  ]);
  expect(messages).toEqual([
    'kernel says',
    'of another',
    'one|Traceback (most recent call last):|ValueError: x',
    'of another too',
  ]);
});

test('a journal that is empty when it begins is told from its first entry on', async () => {
  const { messages, positions } = await follow([nothing, () => write(entry(head('first'))), nothing]);
  expect(messages).toEqual(['first']);
  expect(positions.journals).toEqual({ 'node-1': { cursor: 's=1;i=1;b=2;m=1;t=1;x=3' } });
});

test('killed behind a message and begun again, each message comes once', async () => {
  const texts = [
    entry(head('a1', 'ERROR'), 1),
    entry(head('b1'), 2),
    entry(head('b2'), 2),
    entry(bare('Traceback (most recent call last):'), 1),
    entry('plain', 3, 'kernel'),
    entry(head('b3', 'ERROR'), 2),
    entry(bare('ValueError: a'), 1),
    entry(bare('Traceback (most recent call last):'), 2),
    entry(head('a2'), 1),
    entry('plain again', 3, 'kernel'),
    entry(bare('ValueError: b'), 2),
  ];
  await write(...texts);
  const all = (await follow([nothing], { from: 'beginning' })).messages;
  expect(all.toSorted()).toEqual([
    'a1|Traceback (most recent call last):|ValueError: a',
    'a2',
    'b1',
    'b2',
    'b3|Traceback (most recent call last):|ValueError: b',
    'plain',
    'plain again',
  ]);
  // journal-positions.test.ts has any journal, and any place.
  for (const most of [1, 4]) {
    const first = await follow([nothing], { from: 'beginning', most });
    const second = await follow([nothing], { from: kept(first.positions) });
    expect([...first.messages, ...second.messages].toSorted(), `killed behind ${most}`).toEqual(
      all.toSorted(),
    );
  }
}, 120_000);

test('entries that the journal dropped before they were read are a gap, and nothing of what is left is passed over', async () => {
  await write(entry(head('before')));
  const { messages, following } = await follow([
    () => write(entry(head('one'))),
    nothing,
    async () => {
      entry(head('was dropped'));
      await writeFile(path.join(folder, 'journal'), '');
    },
    nothing,
    () => write(entry(head('two')), entry(head('three'))),
    nothing,
  ]);
  expect(messages).toEqual(['one', 'two', 'three']);
  expect(following.gaps()).toMatchObject([{ what: 'node-1', kind: 'cut' }]);
  expect(following.gaps()[0]?.why).toContain('1 ×');
});

test('a host that does not answer is a gap until it does, is asked less and less often, and loses nothing', async () => {
  await write(entry(head('before')));
  const down = path.join(folder, 'down');
  const whys: string[] = [];
  const at = source();
  let following: ReturnType<typeof followLogs> | undefined;
  const look = async (): Promise<void> => {
    whys.push(...(following?.gaps() ?? []).map(({ why }) => why));
  };
  const stop = new AbortController();
  const pauses: number[] = [];
  const steps = [
    () => writeFile(down, ''),
    () => write(entry(head('meanwhile'))),
    ...Array.from({ length: 7 }, () => look),
    () => rm(down),
    nothing,
    nothing,
  ];
  const clock: Clock = {
    now: () => START_MS,
    sleep: async (ms) => {
      const step = steps.shift();
      if (step === undefined) {
        stop.abort();
        throw stop.signal.reason;
      }
      pauses.push(ms);
      await step();
    },
  };
  following = followLogs(at, { signal: stop.signal, clock, poll: '1s' });
  const messages: string[] = [];
  for await (const { message } of following) messages.push(message);
  expect(messages).toEqual(['meanwhile']);
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 1, 1].map((pause) => pause * 1_000));
  expect(whys).toHaveLength(7);
  expect(whys[0]).toMatch(/^no answer since 2025-11-30T02:53:00\.000Z: .*No route to host/);
  expect(following.gaps()).toEqual([]);
});

test('a host that did not answer at the beginning is read from then on; kept meanwhile, the position says so', async () => {
  const old = entry(head('long before'));
  await write(old.replace(/"__REALTIME_TIMESTAMP":"\d+"/, '"__REALTIME_TIMESTAMP":"1000000"'));
  const down = path.join(folder, 'down');
  await writeFile(down, '');
  const { messages, positions } = await follow([nothing]);
  expect(messages).toEqual([]);
  expect(positions.journals).toEqual({ 'node-1': { cursor: null, since: START_MS } });
  await write(entry(head('meanwhile')));
  await rm(down);
  const second = await follow([nothing], { from: kept(positions) });
  expect(second.messages).toEqual(['meanwhile']);
});

test('an entry that cannot be read is counted once, though it is met again', async () => {
  await write(entry(head('before')));
  const { messages, following } = await follow([
    () => write('{"__CURSOR": cut off\n'),
    nothing,
    nothing,
    () => write(entry(head('one'))),
    nothing,
  ]);
  expect(messages).toEqual(['one']);
  expect(following.gaps()).toMatchObject([
    { what: 'node-1', kind: 'cut', why: '1 entries could not be read' },
  ]);
});

test('of several hosts one that is down holds up no other, and each record says whose it is', async () => {
  await writeFile(path.join(folder, 'down'), '');
  const second = await mkdtemp(path.join(tmpdir(), 'groundcrew-follow-journal-'));
  await writeFile(path.join(second, 'journal'), [entry(head('one')), entry(head('two'))].join(''));
  const stop = new AbortController();
  const following = followLogs([source(), journal(hostOf(second, 'node-2'))], {
    from: 'beginning',
    signal: stop.signal,
    poll: 1,
  });
  const records = [];
  for await (const record of following) {
    records.push(record);
    if (records.length < 2) continue;
    await vi.waitFor(() => expect(following.gaps()).toHaveLength(1), 30_000);
    break;
  }
  expect(records).toMatchObject([
    { message: 'one', source: 'nova-compute', host: 'node-1' },
    { message: 'two' },
  ]);
  expect(following.gaps()).toMatchObject([{ what: 'node-1', kind: 'failed' }]);
  expect(Object.keys(following.positions().journals ?? {})).toContain('node-2');
  await rm(second, { recursive: true });
});

test('what it is asked for is the last entry and what follows, never a time and a cursor at once', async () => {
  await write(entry(head('one')));
  await follow([nothing], { from: 'beginning', at: source({ unit: 'nova-*', since: '-1h' }) });
  const asked = (await readFile(path.join(folder, 'asked'), 'utf8')).trim().split('\n');
  expect(asked[0]).toBe('--since=-1h');
  expect(asked.slice(1)).toEqual(asked.slice(1).map(() => '--cursor=s=1;i=1;b=2;m=1;t=1;x=3'));
});

test('positions that do not fit, an end, and two journals of one name are refused', () => {
  const at = (journals: object) => () =>
    followLogs(source(), { from: { version: 1, files: {}, journals } as never });
  expect(at({ x: { cursor: 7 } })).toThrow(/from\.journals\.x\.cursor/);
  expect(at({ x: { cursor: 'a\nb' } })).toThrow(/from\.journals\.x\.cursor/);
  expect(at({ x: { cursor: 'a', handed: { p: 0 } } })).toThrow(/from\.journals\.x\.handed\.p/);
  expect(at({ x: { cursor: 'a', more: 1 } })).toThrow(/from\.journals\.x/);
  expect(() => followLogs(source({ until: '-1h' }))).toThrow(/until/);
  expect(() => followLogs(source({ since: '-1h' }))).toThrow(/since/);
  expect(() => followLogs([source(), source()])).toThrow(/two journals are called node-1/);
  expect(() => followLogs([])).toThrow(/followLogs: Too small/);
  expect(() => followLogs({} as never)).toThrow(/journal/);
});
