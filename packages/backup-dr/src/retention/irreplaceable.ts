import type { PointList } from '../repository/point.ts';
import { seriesOf } from '../repository/whose-point.ts';
import { isOfTheFuture, type RetentionReason } from './retention-rules.ts';
import type { ProvenPoints } from './proven-points.ts';

export type IrreplaceableBecause = Extract<RetentionReason, 'newest-complete' | 'newest-proven'>;

/**
 * Points that nothing else can stand in for: of each project the newest of which nothing is missing, and the newest that was proven to
 * be restorable, by id. A point of the future is none of them: by its clock nobody can tell that it is the newest.
 */
export function irreplaceable(
  { points }: Pick<PointList, 'points'>,
  proven: ProvenPoints,
  now: number,
): ReadonlyMap<string, IrreplaceableBecause> {
  const found = new Map<string, IrreplaceableBecause>();
  for (const series of Map.groupBy(points, seriesOf).values()) {
    // Points are listed with the newest first.
    const past = series.filter((point) => !isOfTheFuture(point, now));
    const tested = past.find(({ id }) => proven.has(id));
    if (tested !== undefined) found.set(tested.id, 'newest-proven');
    const whole = past.find(({ completeness }) => completeness === 'complete');
    if (whole !== undefined) found.set(whole.id, 'newest-complete');
  }
  return found;
}
