/**
 * A ledger, or a plain table beside it, in a process of its own: for the first line on the standard input it takes evidence in,
 * for the second one gives a month out, and prints of each how long it took. Its argument is an `EvidenceTask` in JSON.
 */
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { type UptimeEvidence, uptimeLedger, type UptimeStore } from '@groundcrew/monitoring/uptime';
import { postgresUptime } from '@groundcrew/monitoring/uptime/postgres';
import { sqliteUptime } from '@groundcrew/monitoring/uptime/sqlite';
import pg from 'pg';
import type { EvidenceTask } from './uptime.ts';

const { of, where, events } = JSON.parse(process.argv[1] ?? '{}') as EvidenceTask;
const BATCH = 1_000;
const SERVERS = events / 100;
const MONTH = Date.UTC(2026, 10, 1);
const STEP = (30 * 86_400_000) / 100;

interface Keeper {
  fill(evidence: readonly UptimeEvidence[]): Promise<unknown>;
  out(): Promise<void>;
  close(): Promise<unknown>;
}

/** As many pieces as a poll of 1,000 servers has: what there is of one server lies far apart. */
function batch(round: number): UptimeEvidence[] {
  return Array.from({ length: BATCH }, (_, index): UptimeEvidence => {
    const number = round * BATCH + index;
    const server = `3f1c2d5e-0000-4000-8000-${String(number % SERVERS).padStart(12, '0')}`;
    const turn = Math.floor(number / SERVERS);
    const latest = MONTH + turn * STEP + (number % SERVERS);
    const state = turn === 50 && number % 10 === 0 ? 'down' : 'up';
    return {
      id: `poll:${server}:${state}:${latest}`,
      subject: { server },
      state,
      earliest: latest - 600_000,
      latest,
      source: 'poll',
      project: `project-${number % 100}`,
    };
  });
}

async function ledgerOver(store: UptimeStore): Promise<Keeper> {
  const ledger = await uptimeLedger({ store });
  return {
    fill: (evidence) => ledger.append(evidence),
    out: async () => {
      const rows = await ledger.report({ month: '2026-11', of: 'server', staleness: '8h' });
      if (rows.length !== SERVERS) throw new Error(`${rows.length} servers, not ${SERVERS}`);
      const upMs = rows.reduce((sum, { durations }) => sum + durations.upMs, 0);
      if (upMs < 0.9 * SERVERS * 29 * 86_400_000)
        throw new Error('the servers were up nearly all of the month');
    },
    close: () => ledger.close(),
  };
}

/** The least that keeps the same rows as durably, each once. */
function plainSqlite(): Keeper {
  const database = new DatabaseSync(where);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
  database.exec(
    'CREATE TABLE plain (id TEXT PRIMARY KEY, subject TEXT, state TEXT, earliest INTEGER, latest INTEGER)',
  );
  const insert = database.prepare('INSERT INTO plain VALUES (?, ?, ?, ?, ?)');
  return {
    fill: async (evidence) => {
      database.exec('BEGIN IMMEDIATE');
      for (const { id, subject, state, earliest, latest } of evidence)
        insert.run(id, nameOf(subject), state, earliest, latest);
      database.exec('COMMIT');
    },
    out: async () => {
      let count = 0;
      for (const _ of database.prepare('SELECT * FROM plain ORDER BY subject, latest').iterate()) count += 1;
      if (count !== events) throw new Error(`${count} rows, not ${events}`);
    },
    close: async () => database.close(),
  };
}

async function plainPostgres(pool: pg.Pool): Promise<Keeper> {
  await pool.query(
    'CREATE TABLE plain (id text PRIMARY KEY, subject text, state text, earliest bigint, latest bigint)',
  );
  return {
    fill: (evidence) =>
      pool.query(
        'INSERT INTO plain SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])',
        [
          evidence.map(({ id }) => id),
          evidence.map(({ subject }) => nameOf(subject)),
          evidence.map(({ state }) => state),
          evidence.map(({ earliest }) => earliest),
          evidence.map(({ latest }) => latest),
        ],
      ),
    out: async () => {
      const { rows } = await pool.query('SELECT * FROM plain ORDER BY subject, latest');
      if (rows.length !== events) throw new Error(`${rows.length} rows, not ${events}`);
    },
    close: async () => undefined,
  };
}

const nameOf = (subject: UptimeEvidence['subject']): string => ('server' in subject ? subject.server : '');

const pool = of.endsWith('postgres') ? new pg.Pool({ connectionString: where, max: 2 }) : undefined;
const keeper =
  of === 'sqlite'
    ? await ledgerOver(sqliteUptime(where))
    : of === 'plain sqlite' || pool === undefined
      ? plainSqlite()
      : of === 'postgres'
        ? await ledgerOver(postgresUptime({ pool }))
        : await plainPostgres(pool);

const fill = async (): Promise<void> => {
  for (let round = 0; round < events / BATCH; round += 1) await keeper.fill(batch(round));
};
const parts = [fill, () => keeper.out()];
for await (const _ of createInterface(process.stdin)) {
  const start = performance.now();
  await parts.shift()?.();
  process.stdout.write(`${JSON.stringify({ ms: performance.now() - start })}\n`);
}
await keeper.close();
await pool?.end();
