import { neededBy, type PointList, type RecoveryPoint } from '../repository/point.ts';
import { isPointOf, seriesOf } from '../repository/whose-point.ts';
import { irreplaceable } from './irreplaceable.ts';
import type { ProvenPoints } from './proven-points.ts';
import { pointsToKeep, type RetentionReason, type RetentionRules } from './retention-rules.ts';

export interface RetentionWish {
  /** Id or name of a project, or a site; no other point is touched. Without it all are looked at. */
  readonly project?: string | undefined;
  /** They count in each project of its own. Without them only what is named in `forget` goes. */
  readonly keep?: RetentionRules | undefined;
  /** Ids of points that go whatever the rules say, also broken ones. */
  readonly forget: readonly string[];
  /** Milliseconds since 1970: streams of no point that are older go. */
  readonly straysBefore: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What would be removed, and what stays, and why. */
export interface RetentionChoice {
  readonly stays: readonly { readonly point: string; readonly because: readonly RetentionReason[] }[];
  readonly goes: readonly ForgottenPoint[];
  /** Streams of no point. */
  readonly strays: readonly StreamsOfPoint[];
}

export interface ForgottenPoint {
  readonly point: RecoveryPoint;
  /** Its streams that no other point has. */
  readonly streams: readonly string[];
}

export interface StreamsOfPoint {
  readonly point: string;
  readonly streams: readonly string[];
}

/** Chooses what goes. Pure. Nothing that a point which stays needs is among it. */
export function chooseRetention(
  list: PointList,
  proven: ProvenPoints,
  { project, keep, forget, straysBefore, now }: RetentionWish,
): RetentionChoice {
  const all = [...list.points, ...list.broken.map(({ point }) => point)];
  const broken = new Set(list.broken.map(({ point }) => point.id));
  const chosen = all.filter((point) => project === undefined || isPointOf(point, project));
  const reasons = new Map<string, readonly RetentionReason[]>();
  for (const series of Map.groupBy(chosen, seriesOf).values())
    for (const [id, because] of reasonsIn(series, { broken, keep, forget, now })) reasons.set(id, because);
  for (const [id, because] of irreplaceable(list, proven, now))
    reasons.set(id, [...new Set([...(reasons.get(id) ?? []), because])]);
  const reasonsOf = ({ id, isNewer }: RecoveryPoint): readonly RetentionReason[] => [
    ...(reasons.get(id) ?? []),
    ...(isNewer ? (['newer'] as const) : []),
    ...(broken.has(id) ? (['broken'] as const) : []),
  ];
  const ruled = new Set(keep === undefined ? [] : chosen.map(({ id }) => id));
  const goes = (point: RecoveryPoint): boolean =>
    forget.includes(point.id) || (ruled.has(point.id) && reasonsOf(point).length === 0);
  const needed = neededBy(all.filter((point) => !goes(point)));
  return {
    stays: chosen
      .filter((point) => !goes(point))
      .map((point) => ({ point: point.id, because: reasonsOf(point) })),
    goes: all.filter(goes).map((point) => ({
      point,
      streams: [...new Set(point.streams.map(({ id }) => id))].filter((id) => !needed.has(id)),
    })),
    strays: straysToSweep(list, straysBefore),
  };
}

function reasonsIn(
  series: readonly RecoveryPoint[],
  {
    broken,
    keep,
    forget,
    now,
  }: Pick<RetentionWish, 'keep' | 'forget' | 'now'> & { readonly broken: ReadonlySet<string> },
): ReadonlyMap<string, readonly RetentionReason[]> {
  if (keep === undefined) return new Map();
  const whole = series.filter(({ id }) => !broken.has(id) && !forget.includes(id));
  return pointsToKeep(whole, keep, now);
}

/** Streams of no point that are older than a moment. One of which the age is not known stays. */
const straysToSweep = ({ strays }: PointList, before: number): readonly StreamsOfPoint[] =>
  strays.flatMap(({ point, streams }) => {
    // While one of them is young, somebody may be at work on the point.
    const isOld = streams.every(({ at }) => at !== undefined && Date.parse(at) < before);
    return isOld ? [{ point, streams: streams.map(({ id }) => id) }] : [];
  });
