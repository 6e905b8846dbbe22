import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '@groundcrew/ground';
import { waitUntil } from '@groundcrew/lab';
import { Gauge, Registry } from 'prom-client';
import { measured, type Measurement, median, timed } from '../../core/bench/measure.ts';
import { startPrometheus } from '../live/prometheus.ts';
import { buildExporter, type Exporter } from '../src/exporter/build-exporter.ts';
import { metric } from '../src/metrics/metric.ts';
import type { MetricsRound } from '../src/metrics/round.ts';

/** Metrics with a series for each of these servers: 100,000 in all. */
const SERVERS = 20_000;
const METRICS = 5;
/** Scrapes of Prometheus that count. */
const SCRAPES = 7;

const shapes = Array.from({ length: METRICS }, (_, index) =>
  metric({
    name: `openstack_nova_server_figure_${index}`,
    help: 'A figure of each server.',
    labels: ['id', 'name', 'tenant_id', 'status', 'hypervisor_hostname'],
    ids: ['id', 'name'],
  }),
);

/** A new round, with texts as JSON.parse makes them of answers that were just read. */
const aRound = (at: number): MetricsRound => JSON.parse(JSON.stringify(roundAt(at))) as MetricsRound;

function roundAt(at: number): MetricsRound {
  const moment = new Date(at).toISOString();
  const id = (index: number): string =>
    `${index.toString(16).padStart(8, '0')}-c0de-4bad-8f00-${(index * 7_919).toString(16).padStart(12, '0')}`;
  return {
    startedAt: moment,
    at: moment,
    calls: 100,
    collectors: [
      {
        collector: 'servers',
        completeness: 'complete',
        startedAt: moment,
        at: moment,
        calls: 100,
        gaps: [],
        sizes: {},
      },
    ],
    families: shapes.map((shape, of) => ({
      metric: shape,
      collector: 'servers',
      samples: Array.from({ length: SERVERS }, (_, index) => ({
        labels: [
          id(index),
          `erp-worker-${index}`,
          id(index % 100),
          index % 50 === 0 ? 'ERROR' : 'ACTIVE',
          `compute-${index % 500}.example.org`,
        ],
        value: of * index,
      })),
    })),
  };
}

/** An exporter of rounds made here: each scrape has a new one, or all the same. */
const exporterOf = (maxAgeMs: number, read: () => MetricsRound): Exporter =>
  buildExporter({
    read: async () => read(),
    metrics: shapes,
    now: () => Date.now(),
    clock: systemClock,
    maxAgeMs,
    waitMs: 60_000,
    cap: SERVERS + 1,
  });

/** An answer that is ready to be sent; to read it is the scraper's affair. */
const scrape = (metrics: Exporter): Promise<Response> => metrics(new Request('http://x/metrics'));

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a piece of work costs in the middle of seven times: milliseconds that passed, and those of the processor. */
async function costOf<T>(make: () => T, work: (made: T) => Promise<unknown>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const made = make();
    // What the making has left is not the work's.
    collectGarbage();
    const before = process.cpuUsage();
    const passed = await timed(() => work(made));
    const { user, system } = process.cpuUsage(before);
    costs.push({ passed, processor: (user + system) / 1_000 });
  }
  return {
    passed: median(costs.map(({ passed }) => passed)),
    processor: median(costs.map(({ processor }) => processor)),
  };
}

interface Cost {
  readonly passed: number;
  readonly processor: number;
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

/** What prom-client writes of the same figures: gauges that are set anew for each round, as its documentation has it. */
async function byObjects(round: MetricsRound): Promise<string> {
  const registry = new Registry();
  for (const { metric: shape, samples } of round.families) {
    const gauge = new Gauge({
      name: shape.name,
      help: shape.help,
      labelNames: shape.labels,
      registers: [registry],
    });
    for (const { labels, value } of samples)
      gauge.set(Object.fromEntries(shape.labels.map((label, at) => [label, labels[at] ?? ''])), value);
  }
  return registry.metrics();
}

/** 100,000 series as text: of a new round, of one that was shown before, by prom-client's objects, and merged. */
export async function exposition(): Promise<Measurement[]> {
  const ready = await scrape(exporterOf(0, () => aRound(Date.now())));
  const theirs = await takenIn(await ready.bytes());
  const newRound = (): MetricsRound => aRound(Date.now());
  const fresh = await costOf(newRound, (round) => scrape(exporterOf(0, () => round)));
  const kept = newRound();
  const same = exporterOf(3_600_000, () => kept);
  await scrape(same);
  const again = await costOf(() => same, scrape);
  const objects = await costOf(newRound, byObjects);
  const merged = await costOf(newRound, (round) =>
    Registry.merge([new Registry(), exporterOf(3_600_000, () => round).registry]).metrics(),
  );
  const series = `${(SERVERS * METRICS).toLocaleString('en')} series`;
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
