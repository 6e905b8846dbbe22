import type { Evidence, Severity, Verdict } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';

/** The demands on copies, and the time of the judgement. */
export interface Terms {
  /** The greatest age of a copy, in milliseconds. */
  readonly rpo: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The judgement on the copies of a volume or a server, before it becomes a finding. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, 'exempt'>;
  readonly severity: Severity;
  /** The predicate of the sentence about it: `has no copy to restore`. */
  readonly predicate: string;
  readonly because: readonly Evidence[];
  readonly remedy: string | undefined;
  /** Milliseconds, of the copy. */
  readonly age: number | undefined;
}

export const isComplete = (observed: Observed<unknown>): boolean => observed.completeness === 'complete';

/** A statement about what was read. */
export const seenIn = (observed: Observed<unknown>, statement: string): Evidence => ({
  statement,
  source: observed.source,
  at: observed.at,
});

/** The reasons why a list is not whole, as evidence. */
export const missing = (observed: Observed<unknown>): Evidence[] =>
  observed.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: observed.at }));
