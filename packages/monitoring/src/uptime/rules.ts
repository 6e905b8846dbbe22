import { milliseconds } from '@groundcrew/ground';
import { type UptimeSubject, WIDEST } from './evidence.ts';
import { type UptimeQuestion, windowOf } from './period.ts';
import type { UptimeWindow } from './timeline.ts';

/** A question's options as numbers. */
export interface UptimeRules {
  readonly staleness: number;
  readonly skew: number;
  readonly exclude: readonly { readonly window: UptimeWindow; readonly of: UptimeSubject | undefined }[];
}

export const rulesOf = (operation: string, question: UptimeQuestion): UptimeRules => ({
  staleness: milliseconds(question.staleness ?? '5m'),
  skew: milliseconds(question.skew ?? '1s'),
  exclude: (question.exclude ?? []).map((each, index) => ({
    window: windowOf(each, operation, `exclude.${index}.to`),
    of: each.of,
  })),
});

/**
 * The time in which evidence may tell something about a window: the neighbours outside of it close what is open at its ends,
 * and may be as wide as evidence can be.
 */
export const widened = ({ from, to }: UptimeWindow, { staleness, skew }: UptimeRules): UptimeWindow => ({
  from: Math.floor(from - staleness - 2 * skew - WIDEST),
  to: Math.ceil(to + staleness + 2 * skew + WIDEST),
});
