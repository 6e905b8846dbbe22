import type { Observed } from '@groundcrew/core';
import type { PrometheusPoint, PrometheusSeries } from './answer.ts';

export interface RangeStep {
  readonly start: number;
  readonly end: number;
}

/** Points of a series that Prometheus gives in one answer (web/api/v1/api.go: "exceeded maximum resolution"). */
const MOST_POINTS = 11_000;

/** A range as the questions that it takes: none asks for more points than Prometheus gives, and no point is asked for twice. */
export function rangeSteps(from: number, to: number, step: number): readonly [RangeStep, ...RangeStep[]] {
  const length = (MOST_POINTS - 1) * step;
  const partFrom = (start: number): RangeStep => ({ start, end: Math.min(to, start + length) });
  const more: RangeStep[] = [];
  for (let start = from + length + step; start <= to; start += length + step) more.push(partFrom(start));
  return [partFrom(from), ...more];
}

/** The answers to the questions of one range, as one. A part that is missing makes the whole partial. */
export function mergedSeries(
  parts: readonly [Observed<readonly PrometheusSeries[]>, ...Observed<readonly PrometheusSeries[]>[]],
): Observed<readonly PrometheusSeries[]> {
  const [first] = parts;
  if (parts.length === 1) return first;
  const merged = new Map<string, { labels: PrometheusSeries['labels']; points: PrometheusPoint[] }>();
  for (const { labels, points } of parts.flatMap(({ value }) => value)) {
    const key = JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { labels, points: [...points] });
    else for (const point of points) known.points.push(point);
  }
  const gaps = parts.flatMap((part) => part.gaps);
  const isComplete = parts.every(({ completeness }) => completeness === 'complete');
  const isNothing =
    parts.every(({ completeness }) => completeness === first.completeness) && merged.size === 0;
  return {
    value: [...merged.values()],
    at: first.at,
    source: first.source,
    completeness: isComplete ? 'complete' : isNothing ? first.completeness : 'partial',
    gaps,
  };
}
