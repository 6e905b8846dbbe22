import type { Clock } from '@groundcrew/ground';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { followLogs, type FollowPositions } from '../../src/follow.ts';
import type { LogRecord } from '../../src/index.ts';
import type { JournalEntry, JournalSource } from '../../src/read.ts';
import { recordsOfEntries } from '../../src/read/journal-records.ts';

// Any interleaving of the lines of some processes, asked for in pages of any size, by a reader that is killed at any message and
// begins again with what it kept: each message comes once, as it does for one who reads all at once.

interface Line {
  readonly pid: number;
  readonly kind: 'head' | 'bare' | 'plain';
}
const aLine: fc.Arbitrary<Line> = fc.record({
  pid: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom('head', 'head', 'bare', 'plain'),
});

const entryOf = ({ pid, kind }: Line, at: number): JournalEntry =>
  new Map([
    ['__CURSOR', `s=1;i=${at + 1};b=2`],
    ['__REALTIME_TIMESTAMP', String(1_764_471_180_000_000 + at)],
    ['_SYSTEMD_UNIT', 'nova-compute.service'],
    ['_PID', String(pid)],
    [
      'MESSAGE',
      {
        head: `2025-11-30 03:13:00.264 ${pid} ERROR nova.x [-] message ${at}`,
        bare: `2025-11-30 03:13:00.264 ${pid} ERROR nova.x Traceback (most recent call last): ${at}`,
        plain: `said ${at}`,
      }[kind],
    ],
  ]);

/** A journal in memory, of one's own, which answers `size` entries at once. */
const journalOf = (entries: readonly JournalEntry[], size: number): JournalSource => ({
  name: 'node-1',
  options: {},
  records: () => recordsOfEntries(asynchronous(entries), 'node-1'),
  page: async (place) => {
    const from =
      typeof place === 'object' && 'cursor' in place
        ? entries.findIndex((entry) => entry.get('__CURSOR') === place.cursor)
        : 0;
    const page = entries.slice(from, from + size);
    return { entries: page, isFull: page.length === size, unread: 0, unreadAtEnd: 0 };
  },
});

async function* asynchronous<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

const told = ({ message, more, at }: LogRecord): string => JSON.stringify([at, message, more]);

/** Reads until it is killed behind `most` messages, or nothing more comes. */
async function read(source: JournalSource, from: 'beginning' | FollowPositions, most: number) {
  const stop = new AbortController();
  let pauses = 0;
  const clock: Clock = {
    now: () => 0,
    sleep: async () => {
      pauses += 1;
      if (pauses < 3) return;
      stop.abort();
      throw stop.signal.reason;
    },
  };
  const following = followLogs(source, { from, signal: stop.signal, clock });
  const messages: string[] = [];
  let positions = following.positions();
  for await (const record of following) {
    messages.push(told(record));
    positions = following.positions();
    if (messages.length >= most) break;
  }
  return { messages, positions: JSON.parse(JSON.stringify(positions)) as FollowPositions };
}

test('a reader that is killed anywhere, any number of times, has each message once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(aLine, { maxLength: 30 }),
      fc.integer({ min: 2, max: 9 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }),
      async (lines, size, kills) => {
        const source = journalOf(lines.map(entryOf), size);
        const expected = (await Array.fromAsync(source.records(undefined))).map(told);
        const messages: string[] = [];
        let from: 'beginning' | FollowPositions = 'beginning';
        for (const most of [...kills, Infinity]) {
          const part = await read(source, from, most);
          messages.push(...part.messages);
          if (part.positions.journals !== undefined) from = part.positions;
        }
        expect(messages.toSorted()).toEqual(expected.toSorted());
      },
    ),
    { numRuns: 150 },
  );
});
