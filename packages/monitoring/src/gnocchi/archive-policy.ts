import { milliseconds, type Duration } from '@groundcrew/ground';
import { z } from 'zod';
import { UnsupportedAggregationError } from './unsupported-aggregation.ts';

/** One resolution in which Gnocchi keeps the aggregates of a metric. */
export interface ArchivePolicyResolution {
  readonly granularityMs: number;
  /** How many points are kept, and the time that they span; `undefined`: all. */
  readonly points: number | undefined;
  readonly timespanMs: number | undefined;
}

/** What is kept of the measures of a metric. */
export interface ArchivePolicy {
  readonly name: string;
  /** `mean`, `max`, `95pct`, `rate:mean`, …: nothing else can be asked for. */
  readonly aggregationMethods: readonly string[];
  /** The finest first. */
  readonly resolutions: readonly ArchivePolicyResolution[];
}

/**
 * A length of time as Gnocchi writes those of archive policies: Python's `timedelta` (`0:05:00`, `30 days, 0:00:00`,
 * `0:00:00.500000`; `gnocchi/archive_policy.py`, `ArchivePolicyItem.jsonify`), or, in other places, seconds.
 */
const Timespan = z.union([
  z
    .number()
    .positive()
    .transform((seconds) => seconds * 1000),
  z.string().transform((text, context) => {
    const [, days = '0', hours = '', minutes = '', seconds = ''] = TIMEDELTA.exec(text) ?? [];
    if (seconds !== '')
      return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
    context.addIssue({ code: 'custom', message: 'is no length of time' });
    return z.NEVER;
  }),
]);
const TIMEDELTA = /^(?:(\d{1,7}) days?, )?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,9})?)$/;

/** @see https://gnocchi.osci.io/rest.html#archive-policy */
export const ArchivePolicySchema = z
  .looseObject({
    name: z.string(),
    aggregation_methods: z.array(z.string()),
    definition: z.array(
      z.looseObject({
        granularity: Timespan,
        points: z.number().nullish(),
        timespan: Timespan.nullish(),
      }),
    ),
  })
  .transform(({ name, aggregation_methods, definition }): ArchivePolicy => ({
    name,
    aggregationMethods: aggregation_methods.toSorted(),
    resolutions: definition
      .map(({ granularity, points, timespan }) => ({
        granularityMs: granularity,
        points: points ?? undefined,
        timespanMs: timespan ?? undefined,
      }))
      .toSorted((a, b) => a.granularityMs - b.granularityMs),
  }));

/** @throws UnsupportedAggregationError if the policy does not keep the method */
export function requireMethod({ name, aggregationMethods }: ArchivePolicy, method: string): void {
  if (aggregationMethods.includes(method)) return;
  const by = `archive policy ${name}`;
  throw new UnsupportedAggregationError(
    { what: 'method', asked: method, by, available: aggregationMethods },
    'Ask for a method that it keeps; or let the metric have another policy, which counts for measures from then on.',
  );
}

/**
 * The resolution that was asked for; without one the finest that reaches back as far as `from`, or the one that reaches furthest.
 *
 * @param reachMs - how far back the question goes
 * @throws UnsupportedAggregationError if the policy does not keep the one that was asked for
 */
export function resolutionOf(
  { name, resolutions }: ArchivePolicy,
  asked: Duration | undefined,
  reachMs: number,
): ArchivePolicyResolution {
  const wanted = asked === undefined ? undefined : milliseconds(asked);
  const found =
    wanted === undefined
      ? (resolutions.find(({ timespanMs = Infinity }) => timespanMs >= reachMs) ??
        resolutions.toSorted((a, b) => (b.timespanMs ?? 0) - (a.timespanMs ?? 0))[0])
      : resolutions.find(({ granularityMs }) => granularityMs === wanted);
  if (found !== undefined) return found;
  throw new UnsupportedAggregationError(
    {
      what: 'granularity',
      asked: wanted === undefined ? 'at all' : `${wanted / 1000}s`,
      by: `archive policy ${name}`,
      available: resolutions.map(({ granularityMs }) => `${granularityMs / 1000}s`),
    },
    'Ask for a granularity that it keeps, or for none: then the finest one is taken that reaches back far enough.',
  );
}
