import { sumOverTime } from './prometheus-arithmetic.ts';
import type { Point } from './series.ts';
import type { SliQueries, SliWindow } from './sli.ts';

/**
 * The error ratio of values from 0 to 1. One value that is none of these (NaN, -1 as "not known") makes the window
 * unknown: Prometheus cannot leave single values out of a range, and half a truth in one of two places is two truths.
 */
export function gaugeErrors(series: readonly (readonly Point[])[]): Omit<SliWindow, 'samples'> {
  let count = 0;
  let sum = 0;
  let strange = 0;
  for (const points of series) {
    const values = points.map(({ at, values: [value = Number.NaN] }) => ({ at, value }));
    strange += values.filter(({ value }) => !(value >= 0 && value <= 1)).length;
    count += values.length;
    sum += sumOverTime(values);
  }
  if (strange > 0)
    return { errorRatio: undefined, because: `${strange} of ${count} values are not between 0 and 1` };
  return { errorRatio: Math.max((count - sum) / count, 0) };
}

/** The same in PromQL. */
export function gaugeQueries({
  selector,
  range,
}: {
  readonly selector: string;
  readonly range: string;
}): SliQueries {
  const over = `${selector}[${range}]`;
  const count = `sum(count_over_time(${over}))`;
  return {
    errorRatio: `clamp_min((${count} - sum(sum_over_time(${over}))) / ${count}, 0)`,
    conditions: [`min(min_over_time(${over})) >= 0`, `max(max_over_time(${over})) <= 1`],
    samples: `${count} / count(count_over_time(${over}))`,
  };
}
