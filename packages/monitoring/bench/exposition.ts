import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitUntil } from '@groundcrew/lab';
import { measured, type Measurement } from '../../core/bench/measure.ts';
import { startPrometheus } from '../live/prometheus.ts';
import { Worker } from './worker.ts';

/** Scrapes of Prometheus that count. */
const SCRAPES = 7;

/** Milliseconds that passed, and those of the processor. */
export interface Cost {
  readonly passed: number;
  readonly processor: number;
}

/** What it costs to show the series: of a new round, of one that was shown, by prom-client's objects, in a merged registry. */
export interface SeriesCosts {
  readonly series: number;
  readonly fresh: Cost;
  readonly again: Cost;
  readonly objects: Cost;
  readonly merged: Cost;
}

/** What it costs Prometheus to fetch a text of this many series that lies ready, and to take it in. */
async function takenIn(text: Uint8Array): Promise<Cost & { readonly first: number }> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const prometheus = await startPrometheus({ targets: [{ job: 'bench', url }], interval: '5s' });
  try {
    const of = async (what: string): Promise<number> =>
      (await prometheus.query(`${what}scrape_duration_seconds{job="bench"}[10m])`)) ?? 0;
    const scrapes = (count: number): Promise<void> =>
      waitUntil(async () => (await of('count_over_time(')) >= count, {
        within: 240_000,
        what: 'the scrapes',
      });
    const used = async (): Promise<number> =>
      Number(/^process_cpu_seconds_total (\S+)$/m.exec(await prometheus.ownMetrics())?.[1]);
    // The first two make the series and their index, and take longest.
    await scrapes(2);
    const before = await used();
    await scrapes(2 + SCRAPES);
    const processor = ((await used()) - before) / SCRAPES;
    const [first, usual] = [await of('max_over_time('), await of('quantile_over_time(0.5, ')];
    return { first: first * 1_000, passed: usual * 1_000, processor: processor * 1_000 };
  } finally {
    await prometheus[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  }
}

/** 100,000 series as text: of a new round, of one that was shown before, by prom-client's objects, and merged. */
export async function exposition(): Promise<Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'exposition-'));
  const text = path.join(folder, 'metrics.txt');
  const script = path.join(import.meta.dirname, 'exposition-worker.ts');
  await using worker = new Worker(process.execPath, ['--conditions=@groundcrew/source', script, text]);
  await worker.next();
  const theirs = await takenIn(await readFile(text));
  await rm(folder, { recursive: true });
  const { fresh, again, objects, merged, ...made } = await worker.next<SeriesCosts>();
  const series = `${made.series.toLocaleString('en')} series`;
  const lines = (name: string, ours: Cost, aim?: number): Measurement[] =>
    (['passed', 'processor'] as const).map((of) =>
      measured({
        name: `${name}, against Prometheus taking them in${of === 'passed' ? '' : ', by the processors'}`,
        value: ours[of],
        unit: 'ms',
        baseline: theirs[of],
        aim,
      }),
    );
  return [
    ...lines(`show ${series} of a new round`, fresh, 0.5),
    ...lines(`show ${series} of a round that was shown`, again, 0.5),
    ...lines(`show ${series} of a new round by prom-client's objects`, objects),
    ...lines(`show ${series} of a new round in a merged registry`, merged),
    measured({
      name: `show ${series} of a new round, against Prometheus taking them in for the first time`,
      value: fresh.passed,
      unit: 'ms',
      baseline: theirs.first,
    }),
  ];
}
