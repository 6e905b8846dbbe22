/**
 * An exporter of 100,000 series in a process of its own, as one is: what other benchmarks have left in a process is not its
 * cost. For the first line on the standard input it writes what a scrape of a new round answers into the file that its argument
 * names, for the second one it measures, and prints a `SeriesCosts`.
 */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '@groundcrew/ground';
import { Gauge, Registry } from 'prom-client';
import { median, timed } from '../../core/bench/measure.ts';
import { buildExporter, type Exporter } from '../src/exporter/build-exporter.ts';
import { metric } from '../src/metrics/metric.ts';
import type { MetricsRound } from '../src/metrics/round.ts';
import type { Cost, SeriesCosts } from './exposition.ts';

/** Metrics with a series for each of these servers: 100,000 in all. */
const SERVERS = 20_000;
const METRICS = 5;

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

async function measure(): Promise<SeriesCosts> {
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
  return { series: SERVERS * METRICS, fresh, again, objects, merged };
}

const parts = [
  async (): Promise<unknown> => {
    const answer = await scrape(exporterOf(0, () => aRound(Date.now())));
    await writeFile(process.argv[2] ?? '', await answer.bytes());
    return {};
  },
  measure,
];
for await (const _ of createInterface(process.stdin))
  process.stdout.write(`${JSON.stringify(await parts.shift()?.())}\n`);
