import {
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { aTime, type UptimeTime } from '../uptime/period.ts';
import { firstDay } from './first-day.ts';
import type { SlotBounds } from './free-slots.ts';
import { fitLine, type FitPoint } from './line-fit.ts';
import { studentsT } from './students-t.ts';

/** What was used at a time. */
export interface UsedPoint {
  readonly at: UptimeTime;
  /** A number, or the bounds in which it lies; `undefined`, NaN or an `upper` that is `undefined`: nobody saw it. */
  readonly used: number | SlotBounds | undefined;
}

export interface ForecastOptions {
  /** What there is, in the unit of `used`: a number, or the bounds in which it lies. */
  readonly limit: number | SlotBounds;
  /** The form of the trend. @default 'linear' */
  readonly by?: 'linear' | undefined;
  /** The probability with which the line reaches the limit between `from` and `to`: above 0 and below 1. @default 0.9 */
  readonly confidence?: number | undefined;
  /** How far ahead is looked. @default as far as the history goes back */
  readonly horizon?: Duration | undefined;
  /** The shortest history that is judged: what happens every week must be in it twice. @default '14d' */
  readonly minSpan?: Duration | undefined;
}

/** When a trend reaches a limit. */
export interface Forecast {
  /**
   * `fills`: between `from` and `to`. `may-fill`: from `from` on, and perhaps not before `until`. `not-before`: not until
   * `until`. `unknown`: `because` says why.
   */
  readonly verdict: 'fills' | 'may-fill' | 'not-before' | 'unknown';
  /** ISO 8601, UTC. The end of the history where it may be full already. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** How far ahead was looked. */
  readonly until: string | undefined;
  /** The bounds of the growth a day. */
  readonly perDay: { readonly lower: number; readonly upper: number } | undefined;
  readonly because: string;
  /** Points that were used, and those that were not, since nobody saw them or their bounds are too far apart. */
  readonly points: { readonly used: number; readonly unknown: number };
}

const aNumber = z.union([z.number(), z.nan()]);
const someBounds = z.strictObject({ lower: aNumber, upper: aNumber.optional() });
const aHistory = z.array(z.strictObject({ at: aTime, used: z.union([aNumber, someBounds]).optional() }));
const forecastOptions = optionsSchema<ForecastOptions>({
  limit: z.union([
    z.number(),
    z
      .strictObject({ lower: z.number(), upper: z.number().optional() })
      .refine(({ lower, upper = Infinity }) => lower <= upper, 'must not end below its lower bound'),
  ]),
  by: z.literal('linear').optional(),
  confidence: z.number().gt(0).lt(1).optional(),
  horizon: aPositiveDuration.optional(),
  minSpan: aPositiveDuration.optional(),
});

const DAY = 86_400_000;
/** Points, or as many without any connection, below which no line is drawn. */
const FEWEST = 14;
const FEWEST_EFFECTIVE = 8;
/** The part of a value that its bounds may be apart. */
const WIDEST = 0.2;

/**
 * When will it be full? A line by least squares through what was used, and the times at which its bounds reach the limit:
 * Fieller's interval, with fewer degrees of freedom where neighbouring values are alike, and wider where the values have
 * bounds. Pure.
 *
 * A line knows no weekdays, no seasons, no growth that grows, and nobody's plans. Where they bend the series the residuals
 * hang together, and the answer becomes wider, or `unknown`. A single day lies beside the line by its own scatter.
 *
 * @throws InputError on an option that there is not
 * @example
 * const { verdict, from, to } = forecast(history, { limit: 400, by: 'linear', confidence: 0.9 });
 */
export function forecast(history: readonly UsedPoint[], options: ForecastOptions): Forecast {
  parseArguments('forecast', forecastOptions, options);
  parseArguments('forecast', z.strictObject({ history: aHistory }), { history });
  const { confidence = 0.9, minSpan = '14d' } = options;
  const { points, unknown } = pointsOf(history);
  const counts = { used: points.length, unknown };
  const [first] = points;
  const last = points.at(-1);
  const notKnown = (because: string): Forecast => ({
    verdict: 'unknown',
    from: undefined,
    to: undefined,
    until: undefined,
    perDay: undefined,
    because,
    points: counts,
  });
  if (first === undefined || last === undefined || points.length < FEWEST)
    return notKnown(
      `${points.length} of the ${history.length} points are known: at least ${FEWEST} are needed`,
    );
  if (unknown > points.length)
    return notKnown(`of ${unknown} points of ${history.length} nobody knows the value well enough`);
  const spanMs = (last.day - first.day) * DAY;
  if (spanMs < milliseconds(minSpan))
    return notKnown(
      `the history spans ${daysOf(spanMs)}: at least ${daysOf(milliseconds(minSpan))} are needed`,
    );
  const line = fitLine(points);
  if (line.effective < FEWEST_EFFECTIVE)
    return notKnown(
      `the values do not scatter around a line: they hang together so closely that they say no more than ${Math.max(1, Math.floor(line.effective))} would`,
    );
  const t = studentsT(confidence, line.effective - 2);
  const end = last.day + (options.horizon === undefined ? spanMs : milliseconds(options.horizon)) / DAY;
  const limit =
    typeof options.limit === 'number' ? { lower: options.limit, upper: options.limit } : options.limit;
  const { upper: limitUpper = Infinity } = limit;
  const from =
    last.upper >= limit.lower
      ? last.day
      : firstDay((day) => line.at(day, t).upper - limit.lower, last.day, end);
  const to =
    last.lower >= limitUpper
      ? last.day
      : firstDay((day) => line.at(day, t).lower - limitUpper, last.day, end);
  return {
    verdict: to !== undefined ? 'fills' : from !== undefined ? 'may-fill' : 'not-before',
    from: from === undefined ? undefined : isoOf(from),
    to: to === undefined ? undefined : isoOf(to),
    until: isoOf(end),
    perDay: line.slope(t),
    because: `a line through ${points.length} points of ${daysOf(spanMs)}, which say as much as ${Math.floor(line.effective)} without any connection`,
    points: counts,
  };
}

const daysOf = (ms: number): string => `${Math.round((ms / DAY) * 10) / 10} days`;
const isoOf = (day: number): string => new Date(Math.round(day * DAY)).toISOString();

/** The points in order, each time once: what is said last holds. */
function pointsOf(history: readonly UsedPoint[]): { readonly points: FitPoint[]; readonly unknown: number } {
  const byTime = new Map<number, FitPoint | undefined>();
  for (const { at, used } of history) {
    const day = new Date(at).getTime() / DAY;
    const { lower, upper } = typeof used === 'object' ? used : { lower: used, upper: used };
    const isKnown =
      lower !== undefined &&
      upper !== undefined &&
      lower >= 0 &&
      upper >= lower &&
      upper - lower <= Math.max(1, WIDEST * lower);
    byTime.set(day, isKnown ? { day, lower, upper } : undefined);
  }
  const points = [...byTime.values()]
    .filter((point) => point !== undefined)
    .toSorted((a, b) => a.day - b.day);
  return { points, unknown: byTime.size - points.length };
}
