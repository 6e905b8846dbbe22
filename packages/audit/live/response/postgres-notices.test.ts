import { type Postgres, startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresNotices } from '../../src/postgres.ts';

let server: Postgres;
let pools: pg.Pool[];
beforeAll(async () => {
  server = await startPostgres();
  pools = [1, 2].map(() => new pg.Pool({ connectionString: server.url, max: 4 }));
}, 600_000);
afterAll(async () => {
  await Promise.all((pools ?? []).map((pool) => pool.end()));
  await server?.[Symbol.asyncDispose]();
});

const at = (minute: number): string => `2026-11-23T10:0${minute}:00.000Z`;

test('what one notes the other one reads, until it is settled; books do not meet', async () => {
  // Both at once on a database that holds nothing.
  const [here, there] = pools.map((pool) => postgresNotices({ pool }));
  if (here === undefined || there === undefined) throw new Error('two were made');
  await Promise.all([
    here.note([{ key: 'a', channel: 'owner', at: at(1) }]),
    there.note([{ key: 'b', channel: "o'wner\u2028", at: at(2) }]),
  ]);
  await here.note([{ key: 'a', channel: 'pager', at: at(3) }]);
  const both = [
    { key: 'a', channel: 'owner', at: at(1) },
    { key: 'b', channel: "o'wner\u2028", at: at(2) },
  ];
  expect(await there.read()).toEqual(expect.arrayContaining(both));
  expect(await there.read()).toHaveLength(3);
  await there.settle(['a'], at(4));
  expect(await here.read()).toEqual([both[1]]);
  await here.note([{ key: 'a', channel: 'owner', at: at(5) }]);
  expect(await there.read()).toEqual([both[1], { key: 'a', channel: 'owner', at: at(5) }]);
  const [pool] = pools;
  if (pool === undefined) throw new Error('two were made');
  expect(await postgresNotices({ pool, name: 'site-b' }).read()).toEqual([]);
  // A word of SQL is a plain name.
  expect(await postgresNotices({ pool, schema: 'order' }).read()).toEqual([]);
  expect(() => postgresNotices({ pool, schema: 'x; DROP' })).toThrow('schema');
});

test('a server that was away is asked again', async () => {
  const pool = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 2_000 });
  const notices = postgresNotices({ pool });
  await expect(notices.read()).rejects.toThrow('ECONNREFUSED');
  pool.options.port = new URL(server.url).port === '' ? 5432 : Number(new URL(server.url).port);
  const url = new URL(server.url);
  Object.assign(pool.options, {
    host: url.hostname,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
  });
  expect(await notices.read()).toBeInstanceOf(Array);
  await pool.end();
});

test('an idle connection that the server ends does not end the process of the book', async () => {
  const pool = new pg.Pool({ connectionString: server.url, max: 1, application_name: 'notices' });
  const notices = postgresNotices({ pool });
  await notices.read();
  const [other] = pools;
  const gone = new Promise((resolve) => pool.once('remove', resolve));
  await other?.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'notices'",
  );
  await gone;
  // Without a listener the process had ended by now.
  expect(await notices.read()).toBeInstanceOf(Array);
  await pool.end();
});
