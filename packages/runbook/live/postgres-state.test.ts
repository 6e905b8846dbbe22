import { type Postgres, startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LeaseLostError } from '../src/index.ts';
import { postgresLease, postgresState } from '../src/postgres.ts';

let server: Postgres;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: server.url, max: 8 });
}, 600_000);
afterAll(async () => {
  await pool?.end();
  await server?.[Symbol.asyncDispose]();
});

test('who leads keeps it, and whoever leads next finds it', async () => {
  const lease = postgresLease({ pool, name: 'controller', ttl: '2s' });
  const state = postgresState({ pool, name: 'history', lease: 'controller' });
  expect(await state.load()).toBeUndefined();
  const first = await lease.acquire({ holder: 'a' });
  await state.save({ recoveries: ['compute-2'], word: 'é \u2028 "' }, first.token);
  expect(await state.load()).toEqual({ recoveries: ['compute-2'], word: 'é \u2028 "' });
  await first.release();
  const second = await lease.acquire({ holder: 'b' });
  expect(await state.load()).toEqual({ recoveries: ['compute-2'], word: 'é \u2028 "' });
  await state.save({ recoveries: [] }, second.token);
  // The first one wakes, and believes that it still leads.
  await expect(state.save({ recoveries: ['old'] }, first.token)).rejects.toThrow(LeaseLostError);
  expect(await state.load()).toEqual({ recoveries: [] });
  await second.release();
});

test('nobody leads: nobody writes', async () => {
  const state = postgresState({ pool, name: 'nobody', lease: 'never-taken' });
  await expect(state.save(1, 1)).rejects.toThrow(LeaseLostError);
  await expect(state.save(1)).rejects.toThrow('token');
  expect(await state.load()).toBeUndefined();
  await expect(state.save({ at: new Date() }, 1)).rejects.toThrow('nobody.at');
  expect(() => postgresState({ pool, name: '', lease: 'x' })).toThrow('name');
});

test('names do not meet, and a thousand writes at once leave one of them, whole', async () => {
  const lease = postgresLease({ pool, name: 'many', ttl: '30s' });
  const held = await lease.acquire({ holder: 'a' });
  const [one, two] = ['one', 'two'].map((name) => postgresState({ pool, name, lease: 'many' }));
  if (one === undefined || two === undefined) throw new Error('two were made');
  await two.save('other', held.token);
  await Promise.all(
    Array.from({ length: 1_000 }, (_, at) => one.save({ at, filler: 'x'.repeat(500) }, held.token)),
  );
  expect(await one.load()).toMatchObject({ at: expect.any(Number), filler: 'x'.repeat(500) });
  expect(await two.load()).toBe('other');
  await held.release();
});
