import type { MetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import { emptyResource } from '@opentelemetry/resources';
import { type Known, LatestRound, ownExposed } from '../exporter/latest-round.ts';
import { ReadingError } from '../exporter/reading-error.ts';
import type { ReadingParts } from '../exporter/reading.ts';
import type { MetricsRound } from '../metrics/round.ts';
import { gapErrors } from './collector-gaps.ts';
import { metricData, type ReadTimes } from './metric-data.ts';

/** The figures of a cloud for a `MetricReader` of OpenTelemetry's SDK. */
export interface CloudMetricProducer extends MetricProducer, AsyncDisposable {
  /** Ends a reading that is under way; what is known is still given, and nothing is read any more. */
  close(): Promise<void>;
}

/** The name that the SDK gives to whoever made the data points. */
const SCOPE = '@groundcrew/monitoring';

/** The time that is waited where the reader grants none: the SDK's own default for an export. */
const WAIT_MS = 30_000;

/** Puts a producer together, whatever its figures are read from. */
export function buildProducer(parts: ReadingParts): CloudMetricProducer {
  const { now, cap } = parts;
  const latest = new LatestRound(parts);
  const bornAt = now();
  const close = (): Promise<void> => latest.close();
  return {
    // A producer that rejects takes down everything that its reader collects, so it does not.
    async collect({ timeoutMillis = WAIT_MS } = {}) {
      const known = await latest.within(timeoutMillis);
      const at = now();
      const own = [...ownExposed(known, at, cap).values()].map((family) =>
        metricData(family, { startMs: family.metric.kind === 'counter' ? bornAt : at, endMs: at }),
      );
      const metrics = [...own, ...readData(known)];
      return {
        resourceMetrics: {
          // The reader puts its own in this place.
          resource: emptyResource(),
          scopeMetrics: [{ scope: { name: SCOPE }, metrics }],
        },
        errors: [...errorsOf(known, latest)],
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What was read of the cloud, at the times when it was read: a figure that is shown once more is no newer. */
function readData({ shown }: Known): readonly MetricData[] {
  if (shown === undefined) return [];
  const times = readTimes(shown.round);
  return [...shown.families.values()].map((family) => {
    const { startMs, endMs } = times(family.collector);
    // Since when a counter of the cloud counts, no list tells.
    return metricData(family, { startMs: family.metric.kind === 'counter' ? undefined : startMs, endMs });
  });
}

function readTimes(round: MetricsRound): (collector: string) => ReadTimes {
  const whole = timesOf(round);
  const each = new Map(round.collectors.map((report) => [report.collector, timesOf(report)]));
  return (collector) => each.get(collector) ?? whole;
}

const timesOf = ({ startedAt, at }: Pick<MetricsRound, 'startedAt' | 'at'>): ReadTimes => ({
  startMs: Date.parse(startedAt),
  endMs: Date.parse(at),
});

function* errorsOf({ shown, failure }: Known, { isReading, closed }: LatestRound): Iterable<unknown> {
  if (closed)
    yield new ReadingError({ why: 'The producer was closed: nothing is read any more', remedy: undefined });
  else if (isReading)
    yield new ReadingError({
      why:
        shown === undefined
          ? 'The cloud is still being read: nothing is known yet'
          : `The cloud is still being read: the figures are those of ${shown.round.at}`,
      remedy: 'Grant the reader more time (exportTimeoutMillis), or the reading less (deadline).',
    });
  else if (failure !== undefined) yield failure.error;
  if (shown !== undefined) yield* gapErrors(shown);
}
