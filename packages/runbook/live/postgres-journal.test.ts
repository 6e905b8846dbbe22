import { type Postgres, startPostgres, waitUntil } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { JournalCorruptError, LeaseHeldError, type OpenJournal } from '../src/index.ts';
import { postgresJournal, type PostgresPool, type PostgresRow } from '../src/postgres.ts';
import { Child } from './fixtures/child.ts';

/** Seconds. */
const TTL = 2;
const AT = '2026-01-01T00:00:00.000Z';

let server: Postgres;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: server.url, max: 6 });
}, 600_000);

afterAll(async () => {
  await pool?.end();
  await server?.[Symbol.asyncDispose]();
});

test('what was appended is read as it was, by whoever opens it next', async () => {
  const journal = postgresJournal({ pool, run: 'r', ttl: `${TTL}s` });
  expect(await journal.read()).toEqual([]);
  const first = await journal.open({ holder: 'one' });
  await expect(journal.open({ holder: 'two' })).rejects.toBeInstanceOf(LeaseHeldError);
  const output = { text: 'ä \u0000 "', n: [1.5, -1e300, null], __proto__x: true };
  const written = await Promise.all([
    first.append({ type: 'run-resumed', by: 'me' }, AT),
    first.append({ type: 'step-acted', step: 's', output, found: false }, AT),
    first.append({ type: 'step-succeeded', step: 's' }, AT),
  ]);
  expect(written.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  await first.close();
  await expect(first.append({ type: 'step-succeeded', step: 's' }, AT)).rejects.toMatchObject({
    code: 'lease-lost',
  });
  const second = await journal.open({ holder: 'two' });
  expect(second.records).toEqual(written);
  expect(second.token).toBe(first.token + 1);
  await second.close();
  expect(await journal.read()).toEqual(written);
});

test('whoever slept through a successor writes nothing when it wakes', async () => {
  await using suspended = new Child('writer.ts', [server.url, 'suspended', String(TTL)]);
  await suspended.hears(/^wrote 20$/);
  suspended.kill('SIGSTOP');
  const journal = postgresJournal({ pool, run: 'suspended', ttl: `${TTL}s` });
  let open: OpenJournal | undefined;
  await waitUntil(
    async () => {
      open = await journal.open({ holder: 'successor' }).catch(() => undefined);
      return open !== undefined;
    },
    { within: 20_000, what: 'the successor' },
  );
  const before = open?.records.length ?? 0;
  await open?.append({ type: 'run-resumed', by: 'successor' }, AT);
  await open?.close();
  suspended.kill('SIGCONT');
  await suspended.hears(/^refused lease-lost$/);
  // By itself: it has left no timer and no socket.
  expect(await suspended.ended).toBe(0);
  const records = await journal.read();
  expect(records).toHaveLength(before + 1);
  expect(records.at(-1)?.event).toMatchObject({ by: 'successor' });
}, 60_000);

test('what is heard of after the lease is over is no yes, also if it was committed before', async () => {
  // A process that is stopped while the database answers: it hears the answer first, and its timers later.
  let slept = 0;
  const now = performance.now.bind(performance);
  using _ = vi.spyOn(performance, 'now').mockImplementation(() => now() + slept);
  const sleepy: PostgresPool = {
    on: (event, listener) => pool.on(event, listener),
    async connect() {
      const client = await pool.connect();
      return {
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        release: (error) => client.release(error),
        async query(text, values) {
          const answer = await client.query(text, values);
          if (text.includes('.journal (run,') && values?.[4]?.toString() === 'last') slept = 60_000;
          return answer as { rows: PostgresRow[] };
        },
      };
    },
  };
  const open = await postgresJournal({ pool: sleepy, run: 'sleepy', ttl: '30s' }).open({ holder: 'one' });
  await open.append({ type: 'step-succeeded', step: 'a' }, AT);
  const { lost } = open;
  const last = open.append({ type: 'step-started', step: 'b', attempt: 1, key: 'b' }, 'last');
  await expect(last).rejects.toMatchObject({ code: 'lease-lost' });
  expect(lost.aborted).toBe(true);
  await open.close();
  expect(await postgresJournal({ pool, run: 'sleepy' }).read()).toHaveLength(2);
});

test('the database itself refuses whoever does not know yet that it has lost', async () => {
  const journal = postgresJournal({ pool, run: 'fence', ttl: '60s' });
  const expired = `UPDATE groundcrew.leases SET expires_at = clock_timestamp() WHERE name = 'run/fence'`;
  const first = await journal.open({ holder: 'one' });
  await first.append({ type: 'run-resumed', by: 'one' }, AT);
  await pool.query(expired);
  const second = await journal.open({ holder: 'two' });
  expect(first.lost.aborted).toBe(false);
  await expect(first.append({ type: 'run-resumed', by: 'one' }, AT)).rejects.toMatchObject({
    code: 'lease-lost',
  });
  // Nor may it when nobody has succeeded it: expired is expired.
  await pool.query(expired);
  await expect(second.append({ type: 'run-resumed', by: 'two' }, AT)).rejects.toMatchObject({
    code: 'lease-lost',
  });
  expect(await journal.read()).toHaveLength(1);
  await first.close();
  await second.close();
});

test('a restart of the database in the middle: every record is there once, and the writer goes on', async () => {
  await using writer = new Child('writer.ts', [server.url, 'restart', '20']);
  await writer.hears(/^wrote 50$/);
  await server.kill();
  const from = writer.said.length;
  await server.start();
  const [, next = ''] = await writer.hears(/^wrote (\d+)$/, { from });
  await writer.hears(new RegExp(`^wrote ${Number(next) + 50}$`));
  writer.kill('SIGKILL');
  await writer.ended;
  const records = await postgresJournal({ pool, run: 'restart' }).read();
  const said = writer.said.flatMap((line) => /^wrote (\d+)$/.exec(line)?.[1] ?? []).map(Number);
  expect(said).toEqual(said.map((_, at) => at + 1));
  // At most the last one was committed without its writer having lived to say so.
  expect(records.length - said.length).toBeLessThanOrEqual(1);
  expect(new Set(records.map(({ token }) => token)).size).toBe(1);
}, 60_000);

test('a journal with a hole is refused, and a lease that was tidied away does not make tokens fall', async () => {
  const journal = postgresJournal({ pool, run: 'hole', ttl: `${TTL}s` });
  for (const holder of ['a', 'b', 'c']) {
    const open = await journal.open({ holder });
    await open.append({ type: 'run-resumed', by: holder }, AT);
    await open.close();
  }
  await pool.query(`DELETE FROM groundcrew.leases WHERE name = 'run/hole'`);
  const open = await journal.open({ holder: 'd' });
  expect(open.token).toBe(4);
  await open.close();
  await pool.query(`DELETE FROM groundcrew.journal WHERE run = 'hole' AND sequence = 2`);
  await expect(journal.read()).rejects.toBeInstanceOf(JournalCorruptError);
  await expect(journal.open({ holder: 'e' })).rejects.toBeInstanceOf(JournalCorruptError);
});
