import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { postgresStore } from '../../src/postgres.ts';
import { type SharedPlace, twoSigners } from '../../test/trail/signers.ts';

// The same course as in SQLite (packages/audit/test/trail/signers.test.ts), over connections to one server.

let server: Postgres;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: server.url, max: 2 });
}, 600_000);
afterAll(async () => {
  await pool?.end();
  await server?.[Symbol.asyncDispose]();
});

async function place(schema: string): Promise<SharedPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-signers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    open: () => postgresStore({ pool, schema }),
    args: ['--url', server.url, '--schema', schema],
    anchorsOf: (name) => join(folder, `anchors-${name}`),
  };
}

test('two processes write, sign, redact and retire one schema, 100 rounds each: it verifies, then and all the while', async () => {
  const { end } = await twoSigners(await place('both'), 100);
  expect(end).toMatchObject({ ok: true });
  expect(end.from).toBeGreaterThan(1);
});

test('one of them is killed between any two acts, six times: it verifies, then and all the while', async () => {
  const deaths = ['0:4', '3:6', '10:10', '20:7', '24:11', '45:14'] as const;
  const { end } = await twoSigners(await place('killed'), 80, deaths);
  expect(end).toMatchObject({ ok: true });
  expect(end.from).toBeGreaterThan(1);
});
