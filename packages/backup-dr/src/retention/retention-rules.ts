import { InputError, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { newestFirst } from '../repository/points.ts';

/**
 * How many points are kept. `hourly: 24` keeps the newest point of each of the last 24 hours that have one, and so on; days begin at
 * midnight UTC, weeks on Mondays. A point that any rule keeps is kept.
 */
export interface RetentionRules {
  /** The newest ones, whenever they were made. */
  readonly last?: number | undefined;
  readonly hourly?: number | undefined;
  readonly daily?: number | undefined;
  readonly weekly?: number | undefined;
  readonly monthly?: number | undefined;
  readonly yearly?: number | undefined;
}

const count = z.int().nonnegative().optional();
export const retentionRules = optionsSchema<RetentionRules>({
  last: count,
  hourly: count,
  daily: count,
  weekly: count,
  monthly: count,
  yearly: count,
});

/** Rules that keep nothing were meant to be others. @throws InputError */
export function refuseKeepingNothing(operation: string, rules: RetentionRules): void {
  if (Object.values(rules).some((wanted) => (wanted ?? 0) > 0)) return;
  throw new InputError(`${operation}: keep: no rule keeps anything`, { field: 'keep', operation });
}

export type RetentionReason =
  | keyof RetentionRules
  /** It is the newest of which nothing is missing. */
  | 'newest-complete'
  /** It is the newest that was proven to be restorable. */
  | 'newest-proven'
  /** It is of a later time than it is now: a clock was wrong, and no rule can place it. */
  | 'future'
  /** A newer release wrote it. */
  | 'newer'
  /** Something of it is gone: a person decides about the rest. */
  | 'broken';

/** As much of a point as rules look at. */
export interface RetentionPoint {
  readonly id: string;
  readonly at: string;
  readonly completeness: 'complete' | 'partial';
}

/**
 * The points to keep, with the reasons. Pure. What is not in the result may go. Points of the future are kept, and take no other
 * one's place: a clock that was a day ahead would push all others out.
 *
 * @param now - milliseconds since 1970
 * @throws InputError for a rule that there is not, or if nothing at all would be kept
 */
export function pointsToKeep(
  points: readonly RetentionPoint[],
  rules: RetentionRules,
  now: number,
): ReadonlyMap<string, readonly RetentionReason[]> {
  parseArguments('pointsToKeep', retentionRules, rules);
  refuseKeepingNothing('pointsToKeep', rules);
  const reasons = new Map<string, RetentionReason[]>();
  const keep = (id: string, reason: RetentionReason): void =>
    void reasons.set(id, [...(reasons.get(id) ?? []), reason]);
  for (const { id } of points.filter((point) => isOfTheFuture(point, now))) keep(id, 'future');
  const past = points.filter((point) => !isOfTheFuture(point, now)).toSorted(newestFirst);
  for (const [rule, periodOf] of PERIODS)
    for (const { id } of newestOfEach(past, periodOf).slice(0, rules[rule] ?? 0)) keep(id, rule);
  const complete = past.find(({ completeness }) => completeness === 'complete');
  if (complete !== undefined) keep(complete.id, 'newest-complete');
  return reasons;
}

/** Whether a moment is to come, by more than clocks may differ: one of them was wrong. */
export const isOfTheFuture = ({ at }: { readonly at: string }, now: number): boolean =>
  Date.parse(at) > now + CLOCKS_DIFFER;

/** Milliseconds. */
const CLOCKS_DIFFER = 5 * 60_000;
const DAY = 86_400_000;

const PERIODS: readonly (readonly [keyof RetentionRules, (point: RetentionPoint) => string])[] = [
  ['last', ({ id }) => id],
  ['hourly', (point) => isoOf(point).slice(0, 13)],
  ['daily', (point) => isoOf(point).slice(0, 10)],
  ['weekly', (point) => mondayOf(point)],
  ['monthly', (point) => isoOf(point).slice(0, 7)],
  ['yearly', (point) => isoOf(point).slice(0, 4)],
];

/** In UTC, whatever zone the point names. */
const isoOf = ({ at }: RetentionPoint): string => new Date(at).toISOString();

/** The number of the day on which the week began; 1 January 1970 was a Thursday. */
function mondayOf({ at }: RetentionPoint): string {
  const day = Math.floor(Date.parse(at) / DAY);
  return String(day - ((((day + 3) % 7) + 7) % 7));
}

/** The first of each period: of points whose newest come first, the newest. */
function newestOfEach(
  points: readonly RetentionPoint[],
  periodOf: (point: RetentionPoint) => string,
): RetentionPoint[] {
  const seen = new Set<string>();
  return points.filter((point) => {
    const period = periodOf(point);
    if (seen.has(period)) return false;
    seen.add(period);
    return true;
  });
}
