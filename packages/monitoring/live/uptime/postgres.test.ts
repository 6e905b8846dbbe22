import { type Postgres, startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uptimeLedger } from '../../src/uptime.ts';
import { postgresUptime } from '../../src/uptime/postgres.ts';
import { at, poll } from '../../test/uptime/evidence.ts';
import { storeContract } from '../../test/uptime/store-contract.ts';

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

describe('the store in PostgreSQL', () => {
  let place = 0;
  let shared: pg.Pool | undefined;
  storeContract(() => {
    const schema = `uptime_${(place += 1)}`;
    const pool = (shared ??= poolOf());
    return Promise.resolve({
      open: () => postgresUptime({ pool, schema }),
      end: async () => {
        await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      },
    });
  }, 10);

  test('a schema that is no plain name is refused', () => {
    const pool = shared ?? poolOf();
    expect(() => postgresUptime({ pool, schema: 'x; DROP TABLE y' })).toThrow(/no plain lower-case name/);
  });

  test('the server is killed under its writers: what resolved is there, once, and they go on', async () => {
    const pool = poolOf();
    await using ledger = await uptimeLedger({ store: postgresUptime({ pool, schema: 'killed' }) });
    let kept = 0;
    let begun = (): void => undefined;
    const enough = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const restarted = enough.then(() => server.kill()).then(() => server.start());
    const write = async (writer: string): Promise<void> => {
      for (let minute = 0; minute <= 60; minute += 1) {
        for (let tries = 0; ; tries += 1) {
          try {
            // All of them tell of one server, too.
            await ledger.append([poll(writer, minute), poll('shared', minute)]);
            kept += 1;
            if (kept >= 60) begun();
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
    const rows = await ledger.report({ from: at(0), to: at(60), skew: 0, of: 'server' });
    expect(rows.map(({ name }) => name).toSorted()).toEqual(['a', 'b', 'c', 'shared']);
    for (const { availability } of rows) expect(availability).toEqual({ lower: 1, upper: 1 });
    const { rows: counted } = await pool.query<{ count: string }>(
      'SELECT count(*) FROM killed.uptime_evidence',
    );
    expect(Number(counted[0]?.count)).toBe(4 * 61);
  });
});
