import { type Postgres, startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresStore } from '../../src/postgres.ts';
import { openTrail } from '../../src/trail.ts';
import { eventOf } from '../../test/trail/events.ts';
import { fill, keys, openSigned } from '../../test/foreign/tampered-site.ts';
import { tamperings } from '../../test/foreign/tamperings.ts';
import { all, storeContract } from '../../test/trail/store-contract.ts';

let server: Postgres;
const pools: pg.Pool[] = [];
const poolOf = (): pg.Pool => {
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  // A server that is killed takes idle connections with it.
  pool.on('error', () => undefined);
  pools.push(pool);
  return pool;
};

beforeAll(async () => {
  server = await startPostgres();
}, 600_000);
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await server?.[Symbol.asyncDispose]();
});

test(`${tamperings.length} tamperings in PostgreSQL: each is found, with its place`, async () => {
  const pool = poolOf();
  const passed: string[] = [];
  for (const [index, { name, sql }] of tamperings.entries()) {
    const schema = `tampered_${index}`;
    const trail = await openSigned(postgresStore({ pool, schema }));
    const anchors = await fill(trail);
    expect(await trail.verify({ keys, anchors })).toMatchObject({ ok: true, records: 30 });
    const attacker = await pool.connect();
    await attacker.query(`SET search_path TO ${schema}; ${sql}; SET search_path TO DEFAULT`);
    attacker.release();
    const { ok, bad } = await trail.verify({ keys, anchors });
    if (ok || bad === undefined) passed.push(name);
    await pool.query(`DROP SCHEMA ${schema} CASCADE`);
  }
  expect(passed).toEqual([]);
}, 120_000);

describe('the store in PostgreSQL', () => {
  let place = 0;
  let shared: pg.Pool | undefined;
  storeContract(async () => {
    const schema = `trail_${(place += 1)}`;
    const pool = (shared ??= poolOf());
    return {
      open: () => postgresStore({ pool, schema }),
      end: async () => {
        await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      },
    };
  }, 15);

  test('a schema that is no plain name is refused', () => {
    const pool = shared ?? poolOf();
    expect(() => postgresStore({ pool, schema: 'x; DROP TABLE y' })).toThrow(/no plain lower-case name/);
  });

  test('the server is killed under its writers: what resolved is there, and they go on', async () => {
    const pool = poolOf();
    await using trail = await openTrail({ store: postgresStore({ pool, schema: 'killed' }) });
    const safe = new Set<string>();
    let begun = (): void => undefined;
    const enough = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const restarted = enough.then(() => server.kill()).then(() => server.start());
    const write = async (writer: string): Promise<void> => {
      for (let batch = 0; batch < 40; batch += 1) {
        const ids = Array.from({ length: 5 }, (_, index) => `${writer}-${batch}-${index}`);
        for (let tries = 0; ; tries += 1) {
          try {
            await trail.append(ids.map((id) => eventOf(id)));
            for (const id of ids) safe.add(id);
            if (safe.size >= 60) begun();
            break;
          } catch (error) {
            if (tries > 5) throw error;
            await restarted;
          }
        }
      }
    };
    await Promise.all(['a', 'b', 'c'].map(write));
    await restarted;
    const kept = (await all(trail.find())).map(({ event }) => event.id);
    expect(new Set(kept).size).toBe(kept.length);
    expect(new Set(kept)).toEqual(safe);
    expect(await trail.verify()).toMatchObject({ ok: true, records: 600 });
  });
});
