import type { GnocchiValuePoint } from './gnocchi-series.ts';

/** The aggregate of the measures of one span of time. */
export interface AggregatePoint {
  /** When the span begins, in milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** Points in the order of time, and whether they still come. */
export interface AggregateSeries {
  readonly points: readonly AggregatePoint[];
  /** The length of the span of each point. */
  readonly granularityMs: number;
  /** How far points usually lie apart: what is measured every five minutes has gaps in spans of a second. */
  readonly intervalMs: number;
  /** When the span of the newest point ended, or will end; ISO 8601, UTC. No measure in it is younger. */
  readonly newestAt: string | undefined;
  /**
   * Whether it has stopped: three of its intervals have passed, at the end of the time that was asked for, since the span of the
   * newest point ended. A series without points has.
   */
  readonly isStale: boolean;
  /** The newest point. A series that is stale has none: its last value is no current one. */
  readonly latest: AggregatePoint | undefined;
}

export interface SeriesBounds {
  /** Milliseconds since 1970: the time that was asked for. */
  readonly from: number;
  readonly to: number;
  /** The span of the points. @default as they come */
  readonly granularityMs?: number | undefined;
  /** The interval by which freshness is judged. @default how far the points lie apart, and the granularity at least */
  readonly intervalMs?: number | undefined;
}

/** A series, and what of the answer is not in it, in words. */
export interface ReadSeries {
  readonly series: AggregateSeries;
  readonly odd: readonly string[];
}

/** Points of one series. Beyond it only the newest are taken, and the answer is said to be cut. */
export const MOST_POINTS = 100_000;

/**
 * Makes series of the points of an answer, one for each granularity in it. A server may send anything: points are put in order,
 * one that comes twice with two values counts as neither, and those of another time or span than was asked for are left out.
 */
export function readSeries(points: readonly GnocchiValuePoint[], bounds: SeriesBounds): ReadSeries[] {
  const { granularityMs } = bounds;
  const groups = Map.groupBy(points, ([, seconds]) => Math.round(seconds * 1000));
  if (granularityMs === undefined)
    return groups.size === 0
      ? [seriesOf([], bounds, 0)]
      : [...groups].map(([span, found]) => seriesOf(found, bounds, span));
  const own = groups.get(granularityMs) ?? [];
  const { series, odd } = seriesOf(own, bounds, granularityMs);
  const others = points.length - own.length;
  return [
    {
      series,
      odd: others === 0 ? odd : [...odd, `${others} points are of spans that were not asked for`],
    },
  ];
}

function seriesOf(
  found: readonly GnocchiValuePoint[],
  bounds: SeriesBounds,
  granularityMs: number,
): ReadSeries {
  const odd: string[] = [];
  const values = new Map<number, number>();
  const contradicted = new Set<number>();
  // Gnocchi rounds the start down to the granularity, so that the span in which it lies is in the answer.
  const first = granularityMs > 0 ? Math.floor(bounds.from / granularityMs) * granularityMs : bounds.from;
  let outside = 0;
  for (const [time, , value] of found) {
    const at = Date.parse(time);
    if (value === null) continue;
    if (at < first || at > bounds.to) outside += 1;
    else if (values.has(at) && values.get(at) !== value) contradicted.add(at);
    else values.set(at, value);
  }
  for (const at of contradicted) values.delete(at);
  if (outside > 0) odd.push(`${outside} points are of another time than was asked for`);
  if (contradicted.size > 0) odd.push(`${contradicted.size} points came twice, with two values`);
  let points = [...values].map(([at, value]) => ({ at, value })).toSorted((a, b) => a.at - b.at);
  if (points.length > MOST_POINTS) {
    odd.push(`${points.length} points came; the oldest ${points.length - MOST_POINTS} are left out`);
    points = points.slice(-MOST_POINTS);
  }
  return { series: { ...freshnessOf(points, bounds, granularityMs), points, granularityMs }, odd };
}

function freshnessOf(
  points: readonly AggregatePoint[],
  { to, intervalMs }: SeriesBounds,
  granularityMs: number,
): Pick<AggregateSeries, 'intervalMs' | 'newestAt' | 'isStale' | 'latest'> {
  const interval = Math.max(intervalMs ?? usualDistance(points), granularityMs);
  const newest = points.at(-1);
  if (newest === undefined)
    return { intervalMs: interval, newestAt: undefined, isStale: true, latest: undefined };
  const ended = newest.at + granularityMs;
  const isStale = to >= ended + MISSED * interval;
  return {
    intervalMs: interval,
    newestAt: new Date(ended).toISOString(),
    isStale,
    latest: isStale ? undefined : newest,
  };
}

/** Intervals without a point after which a series has stopped. */
const MISSED = 3;

/** The median of the distances; of less than three of them nothing is usual. */
function usualDistance(points: readonly AggregatePoint[]): number {
  const distances = points
    .slice(1)
    .map(({ at }, index) => at - (points[index]?.at ?? at))
    .toSorted((a, b) => a - b);
  return distances.length < 3 ? 0 : (distances[Math.floor(distances.length / 2)] ?? 0);
}
