/** Values at one time. */
export interface Point {
  readonly at: number;
  readonly values: readonly number[];
}

/** A sample as it came, before anything is known about its order. */
export interface SampledPoint extends Point {
  readonly series: string;
}

/** Series in the order in which they first came; the points of each by time, one for each time. */
export interface SeriesSet {
  readonly series: readonly (readonly Point[])[];
  readonly ignored: readonly string[];
}

/**
 * Puts samples in order. A sample that is there twice counts once. Of two that differ at one time the first one stays, as
 * in Prometheus, and the result says so; one without a time is left out.
 */
export function inSeries(samples: Iterable<SampledPoint>): SeriesSet {
  const byName = new Map<string, Map<number, Point>>();
  let untimed = 0;
  let conflicting = 0;
  for (const { series, at, values } of samples) {
    if (!Number.isFinite(at)) {
      untimed += 1;
      continue;
    }
    const points = byName.get(series) ?? new Map<number, Point>();
    byName.set(series, points);
    const earlier = points.get(at);
    if (earlier === undefined) points.set(at, { at, values });
    else if (values.some((value, index) => !Object.is(value, earlier.values[index]))) conflicting += 1;
  }
  const ignored: string[] = [];
  if (untimed > 0) ignored.push(`${untimed} samples have no time`);
  if (conflicting > 0) ignored.push(`${conflicting} samples differ from an earlier one of the same time`);
  const series = [...byName.values()].map((points) => [...points.values()].toSorted((a, b) => a.at - b.at));
  return { series, ignored };
}

/** What lies in a window of each series; a series with nothing in it is left out. */
export function pointsWithin(
  { series }: SeriesSet,
  after: number,
  until: number,
): readonly (readonly Point[])[] {
  return series
    .map((points) => points.slice(firstLater(points, after), firstLater(points, until)))
    .filter((points) => points.length > 0);
}

/** Index of the first point later than a time. */
function firstLater(points: readonly Point[], time: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.at ?? Infinity) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
