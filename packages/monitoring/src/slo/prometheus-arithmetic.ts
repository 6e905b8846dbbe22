// The arithmetic of Prometheus' functions over a range, operation by operation: floating point rounds each of them, and a
// burn rate just at a threshold must be over it in both places or in none.

/** A value of one series. */
export interface TimedValue {
  readonly at: number;
  readonly value: number;
}

/** Both belong to the range; milliseconds since 1970. */
export interface RangeEdges {
  readonly start: number;
  readonly end: number;
}

/** `sum_over_time`, with its compensated summation (Neumaier). */
export function sumOverTime(points: readonly TimedValue[]): number {
  let sum = 0;
  let lost = 0;
  for (const { value } of points) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + lost : sum;
}

/**
 * `increase`: a value below the one before it is a reset of the counter, which then began at 0. What happened between the
 * window's edges and the outermost samples is extrapolated, by at most half an interval if more is missing there, and never
 * to below 0.
 *
 * @returns `undefined` for fewer than two samples: one says nothing about an increase
 */
export function increase(points: readonly TimedValue[], { start, end }: RangeEdges): number | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  let result = last.value - first.value;
  let previous = first.value;
  for (const { value } of points.slice(1)) {
    if (value < previous) result += previous;
    previous = value;
  }
  let toStart = (first.at - start) / 1000;
  const toEnd = (end - last.at) / 1000;
  const sampled = (last.at - first.at) / 1000;
  const usual = sampled / (points.length - 1);
  if (result > 0 && first.value >= 0) toStart = Math.min(toStart, sampled * (first.value / result));
  const threshold = usual * 1.1;
  let covered = sampled;
  covered += toStart < threshold ? toStart : usual / 2;
  covered += toEnd < threshold ? toEnd : usual / 2;
  return result * (covered / sampled);
}
