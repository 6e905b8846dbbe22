import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@groundcrew/lab';
import { measured, type Measurement } from '../../core/bench/measure.ts';
import { ours, SMALL_HEAP } from './worker.ts';

/** `UPTIME_EVENTS=100000` for a quick look; there is a server for each 100. */
const EVENTS = Number(process.env['UPTIME_EVENTS'] ?? 1_000_000);

/** What a process of `evidence-worker.ts` is told. */
export interface EvidenceTask {
  /** A ledger over one of the stores, or a plain table with a primary key in the same database. */
  readonly of: 'sqlite' | 'postgres' | 'plain sqlite' | 'plain postgres';
  /** A file, or the URL of a server. */
  readonly where: string;
  readonly events: number;
}

interface Kept {
  readonly intoMs: number;
  readonly outMs: number;
  readonly peak: number;
}

/**
 * The uptime ledger: a million pieces of evidence of 10,000 servers in, then the month of each out. Beside the first the same
 * rows in a plain table, in transactions of the same size and as durable; beside the second reading those in order.
 */
export async function bench(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-uptime-bench-'));
  try {
    const file = (name: string): string => join(folder, name);
    const tenth = EVENTS / 10;
    const plain = await kept({ of: 'plain sqlite', where: file('plain.db'), events: EVENTS });
    const whole = await kept({ of: 'sqlite', where: file('uptime.db'), events: EVENTS });
    const part = await kept({ of: 'sqlite', where: file('part.db'), events: tenth });
    await using server = await startPostgres();
    const plainPart = await kept({ of: 'plain postgres', where: server.url, events: tenth });
    const postgresPart = await kept({ of: 'postgres', where: server.url, events: tenth });
    return [
      ...linesOf('SQLite', EVENTS, whole, plain),
      measured({
        name: "its peak memory, beside the plain table's, each with a cache of 64 MiB and a heap of 64 MiB",
        unit: 'MiB',
        value: whole.peak,
        baseline: plain.peak,
        aim: 1.3,
      }),
      measured({
        name: 'the same, beside that for a tenth, which does not fill the cache',
        unit: 'MiB',
        value: whole.peak,
        baseline: part.peak,
      }),
      measured({
        name: 'its time in and out, beside ten times that for a tenth',
        unit: 'ms',
        value: whole.intoMs + whole.outMs,
        baseline: 10 * (part.intoMs + part.outMs),
      }),
      ...linesOf('PostgreSQL', tenth, postgresPart, plainPart),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function linesOf(store: string, events: number, own: Kept, plain: Kept): Measurement[] {
  const [pieces, servers] = [events, events / 100].map((count) => count.toLocaleString('en'));
  const rate = Math.round((1_000 * events) / own.intoMs).toLocaleString('en');
  return [
    measured({
      name: `uptime ledger: ${pieces} pieces of evidence into ${store}, ${rate} a second, beside a plain table`,
      unit: 'ms',
      value: own.intoMs,
      baseline: plain.intoMs,
    }),
    measured({
      name: `uptime ledger: a month of ${servers} servers out of ${store}, beside reading the rows in order`,
      unit: 'ms',
      value: own.outMs,
      baseline: plain.outMs,
    }),
  ];
}

async function kept(task: EvidenceTask): Promise<Kept> {
  await using worker = ours('evidence-worker.ts', task, SMALL_HEAP);
  const { ms: intoMs } = await worker.next<{ readonly ms: number }>();
  const { ms: outMs } = await worker.next<{ readonly ms: number }>();
  return { intoMs, outMs, peak: worker.peak() };
}
