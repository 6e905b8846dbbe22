import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Measurement, timed } from '../../core/bench/measure.ts';
import { type UptimeEvidence, uptimeLedger } from '../src/uptime.ts';
import { sqliteUptime } from '../src/uptime/sqlite.ts';

/** `UPTIME_EVENTS=100000` for a quick look. */
const EVENTS = Number(process.env['UPTIME_EVENTS'] ?? 1_000_000);
const SERVERS = EVENTS / 100;
const BATCH = 1_000;
const MONTH = Date.UTC(2026, 10, 1);
const STEP = (30 * 86_400_000) / 100;

/**
 * The uptime ledger over SQLite: a million pieces of evidence of 10,000 servers in, then the month of each out. Beside the
 * first the same rows in a plain table with a primary key, as durable; beside the second reading the rows alone.
 */
export async function bench(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-uptime-bench-'));
  try {
    const plainFile = join(folder, 'plain.db');
    const plain = await timed(() => Promise.resolve(fill(plainFile)));
    const file = join(folder, 'uptime.db');
    await using ledger = await uptimeLedger({ store: sqliteUptime(file) });
    const into = await timed(async () => {
      for (let round = 0; round < EVENTS / BATCH; round += 1) await ledger.append(batch(round));
    });
    const out = await timed(async () => {
      const rows = await ledger.report({ month: '2026-11', of: 'server', staleness: '8h' });
      if (rows.length !== SERVERS) throw new Error(`${rows.length} servers, not ${SERVERS}`);
      const upMs = rows.reduce((sum, { durations }) => sum + durations.upMs, 0);
      if (upMs < 0.9 * SERVERS * 29 * 86_400_000)
        throw new Error('the servers were up nearly all of the month');
    });
    const reading = await timed(() => Promise.resolve(readAll(file)));
    const measured = (name: string, value: number, baseline: number): Measurement => ({
      name,
      value,
      unit: 'ms',
      baseline,
      ratio: value / baseline,
      aim: undefined,
    });
    return [
      measured(`uptime ledger: ${EVENTS} pieces of evidence into SQLite, beside a plain table`, into, plain),
      measured(`uptime ledger: a month of ${SERVERS} servers out, beside reading the rows`, out, reading),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A round sees a tenth of a batch's servers at once, as polls do: each server's evidence lies far apart. */
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

function fill(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
  database.exec(
    'CREATE TABLE plain (id TEXT PRIMARY KEY, subject TEXT, state TEXT, earliest INTEGER, latest INTEGER)',
  );
  const insert = database.prepare('INSERT INTO plain VALUES (?, ?, ?, ?, ?)');
  for (let round = 0; round < EVENTS / BATCH; round += 1) {
    database.exec('BEGIN IMMEDIATE');
    for (const { id, subject, state, earliest, latest } of batch(round))
      insert.run(id, 'server' in subject ? subject.server : '', state, earliest, latest);
    database.exec('COMMIT');
  }
  database.close();
}

function readAll(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  let count = 0;
  for (const row of database.prepare('SELECT * FROM uptime_evidence ORDER BY subject, latest').iterate())
    if (row['state'] !== null) count += 1;
  database.close();
  return count;
}
