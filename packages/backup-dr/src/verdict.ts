import type { Evidence, Severity, Verdict } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';

/** What is wanted of copies, and when it is judged. */
export interface Terms {
  /** How old a copy may be, in milliseconds. */
  readonly rpo: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a volume or a server can be restored from, judged, before it becomes a finding. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, 'exempt'>;
  readonly severity: Severity;
  /** What is said of it: `has no copy to restore`. */
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

/** Why a list is not all there is, as evidence. */
export const missing = (observed: Observed<unknown>): Evidence[] =>
  observed.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: observed.at }));
