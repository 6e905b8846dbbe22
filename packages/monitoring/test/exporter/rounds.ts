import type { Gap } from '@groundcrew/ground';
import { VirtualClock } from '@groundcrew/sim';
import { buildExporter, type Exporter, type ExporterParts } from '../../src/exporter/build-exporter.ts';
import { metric, type Metric, type MetricSample } from '../../src/metrics/metric.ts';
import type { ReadingParts } from '../../src/exporter/reading.ts';
import type { CollectorReport, MetricFamily, MetricsRound } from '../../src/metrics/round.ts';

const START = '2026-01-01T00:00:00.000Z';

export const servers = metric({ name: 'shop_servers', help: 'Servers.', labels: ['project', 'status'] });
export const restarts = metric({
  name: 'shop_restarts_total',
  help: 'Restarts.',
  kind: 'counter',
  labels: ['host'],
});
export const uptime = metric({
  name: 'shop_uptime_seconds',
  help: 'Time since the start.',
  unit: 'seconds',
  labels: ['id', 'name'],
  ids: ['id', 'name'],
});

export const samples = (...given: readonly [value: number, ...labels: string[]][]): MetricSample[] =>
  given.map(([value, ...labels]) => ({ labels, value }));

export const family = (of: Metric, given: readonly MetricSample[], collector = 'servers'): MetricFamily => ({
  metric: of,
  collector,
  samples: given,
});

export const gap = (why: string, what = 'servers', kind: Gap['kind'] = 'failed'): Gap => ({
  what,
  kind,
  why,
  remedy: undefined,
  requestIds: [],
});

export const report = (collector: string, more: Partial<CollectorReport> = {}): CollectorReport => ({
  collector,
  completeness: 'complete',
  startedAt: START,
  at: START,
  calls: 3,
  gaps: [],
  sizes: {},
  ...more,
});

export const roundOf = (
  families: readonly MetricFamily[],
  more: Partial<MetricsRound> = {},
): MetricsRound => ({
  startedAt: START,
  at: '2026-01-01T00:00:02.500Z',
  calls: 5,
  families,
  collectors: [report('servers')],
  ...more,
});

/** A round of a cloud with two servers, and how often a host was restarted. */
export const aRound = (): MetricsRound =>
  roundOf([
    family(servers, samples([1, 'web', 'ACTIVE'], [1, 'web', 'ERROR'])),
    family(restarts, samples([4, 'compute-1'])),
    family(uptime, samples([60, 'a1', 'web-1'], [0.5, 'b2', 'web-2'])),
  ]);

/** A reading that is settled by the test, so that it lasts as long as it is needed. */
export class Readings {
  readonly started: {
    resolve(round: MetricsRound): void;
    reject(error: unknown): void;
    signal: AbortSignal;
  }[] = [];
  readonly read = (signal: AbortSignal): Promise<MetricsRound> => {
    const { promise, resolve, reject } = Promise.withResolvers<MetricsRound>();
    this.started.push({ resolve, reject, signal });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return promise;
  };
}

/** What reads rounds made by hand, on a clock that stands until it is moved. */
export function readingOf(
  read: ReadingParts['read'] = async () => aRound(),
  more: Partial<ReadingParts> = {},
): { parts: ReadingParts; clock: VirtualClock } {
  const clock = new VirtualClock(START, { mode: 'hand' });
  const parts: ReadingParts = {
    read,
    metrics: [servers, restarts, uptime],
    now: () => clock.now(),
    clock,
    maxAgeMs: 30_000,
    cap: 10_000,
    ...more,
  };
  return { parts, clock };
}

/** An exporter over rounds made by hand. */
export function exporterOf(
  read?: ReadingParts['read'],
  { waitMs = 9_000, ...more }: Partial<ExporterParts> = {},
): { metrics: Exporter; clock: VirtualClock } {
  const { parts, clock } = readingOf(read, more);
  return { metrics: buildExporter({ ...parts, waitMs }), clock };
}

export const scrape = (accept?: string, more: Record<string, string> = {}): Request =>
  new Request('http://exporter.test/metrics', {
    headers: { ...(accept === undefined ? {} : { accept }), ...more },
  });

export const OPENMETRICS = 'application/openmetrics-text;version=1.0.0';
