import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@groundcrew/ground';
import { waitUntil } from '@groundcrew/lab';
import { Gauge, Registry } from 'prom-client';
import { type Measurement, timed } from '../../core/bench/measure.ts';
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

/** A new round: its texts are new objects, as those of answers that were just read. */
function aRound(at: number): MetricsRound {
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

const scrape = async (metrics: Exporter): Promise<Uint8Array> => {
  const response = await metrics(new Request('http://x/metrics'));
  return new Uint8Array(await response.arrayBuffer());
};

/** The time that Prometheus needs to fetch a text of this many series that lies ready, and to take it in. */
async function takenIn(text: Uint8Array): Promise<{ readonly first: number; readonly usual: number }> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const prometheus = await startPrometheus({ targets: [{ job: 'bench', url }], interval: '5s' });
  try {
    const of = (what: string): Promise<number | undefined> =>
      prometheus.query(`${what}scrape_duration_seconds{job="bench"}[10m])`);
    await waitUntil(async () => ((await of('count_over_time(')) ?? 0) > SCRAPES, {
      within: 120_000,
      what: 'the scrapes',
    });
    // The first one makes the series, and takes longest.
    const [first, usual] = [await of('max_over_time('), await of('quantile_over_time(0.5, ')];
    return { first: (first ?? Number.NaN) * 1_000, usual: (usual ?? Number.NaN) * 1_000 };
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
    const gauge = new Gauge({ name: shape.name, help: shape.help, labelNames: shape.labels, registers: [registry] });
    for (const { labels, value } of samples)
      gauge.set(Object.fromEntries(shape.labels.map((label, at) => [label, labels[at] ?? ''])), value);
  }
  return registry.metrics();
}

/** 100,000 series as text: of a new round, of one that was shown before, by prom-client's objects, and merged. */
export async function exposition(): Promise<Measurement[]> {
  let text = await scrape(exporterOf(0, () => aRound(Date.now())));
  const { first, usual } = await takenIn(text);
  const median = async (work: (round: MetricsRound) => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      const round = aRound(Date.now());
      times.push(await timed(() => work(round)));
    }
    return times.toSorted((a, b) => a - b)[3] ?? Number.NaN;
  };
  const fresh = await median(async (round) => {
    text = await scrape(exporterOf(0, () => round));
  });
  const kept = aRound(Date.now());
  const same = exporterOf(3_600_000, () => kept);
  await scrape(same);
  const again = await median(() => scrape(same));
  const objects = await median(byObjects);
  const merged = await median((round) =>
    Registry.merge([new Registry(), exporterOf(3_600_000, () => round).registry]).metrics(),
  );
  const series = `${(SERVERS * METRICS).toLocaleString('en')} series`;
  const line = (name: string, value: number, baseline: number, aim?: number): Measurement => ({
    name,
    value,
    unit: 'ms',
    baseline,
    ratio: value / baseline,
    aim,
  });
  return [
    line(`show ${series} of a new round, against Prometheus taking them in`, fresh, usual, 0.5),
    line(`show ${series} of a new round, against Prometheus taking them in for the first time`, fresh, first),
    line(`show ${series} of a round that was shown, against Prometheus taking them in`, again, usual, 0.5),
    line(`show ${series} of a new round by prom-client's objects, against Prometheus taking them in`, objects, usual),
    line(`show ${series} of a new round in a merged registry, against Prometheus taking them in`, merged, usual),
  ];
}
