import { increase, type RangeEdges, sumOverTime } from './prometheus-arithmetic.ts';
import type { Point } from './series.ts';
import type { SliQueries, SliWindow } from './sli.ts';

/**
 * The error ratio of counters of good and of all events. Both are extrapolated alike, so that their ratio is that of what
 * was counted. A window without an event, or with a value that no counter has (NaN, infinite, below 0), has none.
 */
export function counterErrors(
  series: readonly (readonly Point[])[],
  edges: RangeEdges,
): Omit<SliWindow, 'samples'> {
  const good = increaseOf(series, 0, edges);
  const total = increaseOf(series, 1, edges);
  if (typeof good === 'string' || typeof total === 'string')
    return { errorRatio: undefined, because: typeof total === 'string' ? total : String(good) };
  if (!(total > 0)) return { errorRatio: undefined, because: 'no event was counted' };
  return { errorRatio: Math.max((total - good) / total, 0) };
}

/** The sum of the series' increases, or the reason why there is none. */
function increaseOf(series: readonly (readonly Point[])[], which: 0 | 1, edges: RangeEdges): number | string {
  let sum: number | undefined;
  let finite = 0;
  for (const points of series) {
    const values = points.map(({ at, values: all }) => ({ at, value: all[which] ?? Number.NaN }));
    finite += sumOverTime(values);
    if (!(finite < Infinity) || values.some(({ value }) => value < 0))
      return 'a value is none that a counter has';
    const grown = increase(values, edges);
    if (grown !== undefined) sum = (sum ?? 0) + grown;
  }
  return sum ?? 'a single value of a counter says nothing about an increase';
}

/** The same in PromQL. */
export function counterQueries({
  good,
  total,
  range,
}: {
  readonly good: string;
  readonly total: string;
  readonly range: string;
}): SliQueries {
  const grown = (selector: string): string => `sum(increase(${selector}[${range}]))`;
  const usable = (selector: string): string[] => [
    `min(min_over_time(${selector}[${range}])) >= 0`,
    `sum(sum_over_time(${selector}[${range}])) < Inf`,
  ];
  const counts = `count_over_time(${total}[${range}])`;
  return {
    errorRatio: `clamp_min((${grown(total)} - ${grown(good)}) / (${grown(total)} > 0), 0)`,
    conditions: [...usable(good), ...usable(total)],
    samples: `sum(${counts}) / count(${counts})`,
  };
}
