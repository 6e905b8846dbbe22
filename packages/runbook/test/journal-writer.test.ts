import { expect, test } from 'vitest';
import { type JournalStorage, JournalWriter, openUnderLease } from '../src/journal/journal-writer.ts';
import type { JournalRecord } from '../src/journal/journal.ts';
import type { FencedLease, HeldLease } from '../src/lease/lease.ts';

const AT = '2026-11-29T12:00:00.000Z';
const RESUMED = { type: 'run-resumed', by: undefined } as const;

const held = (token: number, released: number[] = []): HeldLease => ({
  holder: 'me',
  token,
  lost: new AbortController().signal,
  release: async () => void released.push(token),
});

const storage = (write: JournalStorage['write'], closed: string[] = []): JournalStorage => ({
  name: 'the book',
  write,
  close: async () => void closed.push('closed'),
});

test('records that wait together are written together, numbered on from those that are there', async () => {
  const batches: number[][] = [];
  const there: JournalRecord = { sequence: 1, at: AT, token: 1, event: RESUMED };
  const slow = Promise.withResolvers<void>();
  const writer = new JournalWriter(
    storage(async (records) => {
      batches.push(records.map(({ sequence }) => sequence));
      await slow.promise;
    }),
    held(2),
    [there],
  );
  const first = writer.append(RESUMED, AT);
  await Promise.resolve();
  const others = [writer.append(RESUMED, AT), writer.append(RESUMED, AT)];
  slow.resolve();
  const records = await Promise.all([first, ...others]);
  expect(batches).toEqual([[2], [3, 4]]);
  expect(records.map(({ token }) => token)).toEqual([2, 2, 2]);
});

test('after a write that failed nothing is written any more', async () => {
  let writes = 0;
  const writer = new JournalWriter(
    storage(async () => {
      writes += 1;
      throw new Error('disk full');
    }),
    held(1),
    [],
  );
  await expect(writer.append(RESUMED, AT)).rejects.toThrow('disk full');
  await expect(writer.append(RESUMED, AT)).rejects.toThrow('disk full');
  expect(writes).toBe(1);
});

test('a closed one frees its storage, gives the lease back, and says that it was closed', async () => {
  const closed: string[] = [];
  const released: number[] = [];
  const writer = new JournalWriter(
    storage(async () => undefined, closed),
    held(7, released),
    [],
  );
  await writer.close();
  expect([closed, released]).toEqual([['closed'], [7]]);
  await expect(writer.append(RESUMED, AT)).rejects.toThrow('the book was closed');
});

/** A lease whose tokens begin anew, as after somebody deleted it. */
function anewLease(released: number[]): FencedLease & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    async acquire({ above = 0 }) {
      asked.push(above);
      return held(above + 1, released);
    },
  };
}

test('under a lease that was deleted, the token is taken above the newest record', async () => {
  const released: number[] = [];
  const lease = anewLease(released);
  const records: JournalRecord[] = [{ sequence: 1, at: AT, token: 5, event: RESUMED }];
  const journal = await openUnderLease(
    lease,
    { holder: 'me' },
    async (given) =>
      new JournalWriter(
        storage(async () => undefined),
        given,
        records,
      ),
  );
  expect([lease.asked, journal.token, released]).toEqual([[0, 5], 6, [1]]);
});

test('what cannot be opened gives the lease back, and its own error is told also if that fails', async () => {
  let releases = 0;
  const lease: FencedLease = {
    acquire: async () => ({
      ...held(1),
      release: async () => {
        releases += 1;
        throw new Error('the database is away');
      },
    }),
  };
  const opened = openUnderLease(lease, { holder: 'me' }, async () => {
    throw new Error('corrupt');
  });
  await expect(opened).rejects.toThrow('corrupt');
  expect(releases).toBe(1);
});
