import type { Refusal } from '../plan/refusal.ts';

/** The state of a step. */
export type StepState =
  | 'pending'
  | 'running'
  | 'succeeded'
  | 'failed'
  /** Not tried: a step that it needs did not succeed, or the run stopped before. */
  | 'skipped'
  | 'compensated'
  | 'compensation-failed';

/** The failure of a step, as data that the journal can keep. */
export interface StepFailure {
  readonly step: string;
  readonly phase: 'precondition' | 'action' | 'verification' | 'compensation';
  /**
   * The code of the error or the refusal. Ours: `timeout`, `cancelled`, `input`, `output`, `not-json`,
   * `output-unavailable`, `no-compensation`, `no-way-back`; `error` for an error that has none.
   */
  readonly code: string;
  /** Cut at 8192 characters. */
  readonly message: string;
  readonly remedy: string | undefined;
  /** Request ids of OpenStack, to search its logs by. */
  readonly requestIds: readonly string[];
}

export type StepCounts = Readonly<Record<StepState, number>>;

/** The outcome of a run: a closed union, so that a `switch` over `status` is complete. */
export type Outcome = OutcomeFacts &
  (
    | { readonly status: 'succeeded' }
    /** Some steps that may fail (`onFailure: 'continue'`) did, or were skipped for it. */
    | { readonly status: 'partially-succeeded'; readonly failures: readonly StepFailure[] }
    /** A step failed and was not compensated: what was done stays. */
    | { readonly status: 'failed'; readonly failures: readonly StepFailure[] }
    /** A step failed, and what had been done was undone. */
    | { readonly status: 'rolled-back'; readonly failures: readonly StepFailure[] }
    /** Nothing was touched. */
    | { readonly status: 'refused'; readonly refusals: readonly Refusal[] }
    /** Asked to stop between steps, or at a gate that nobody opened. Run it again to go on. */
    | { readonly status: 'paused'; readonly at: readonly string[] }
    /** Cancelled. Run it again to go on. */
    | { readonly status: 'cancelled'; readonly failures: readonly StepFailure[] }
    /** The journal or the lease was lost, so that going on was not safe. Run it again to go on. */
    | { readonly status: 'interrupted'; readonly reason: string }
  );

export interface OutcomeFacts {
  readonly run: string;
  readonly plan: string;
  readonly digest: string;
  readonly counts: StepCounts;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Refusals that a later attempt on the same journal may not meet: somebody else runs it, or it cannot be written. */
const NOT_NOW: ReadonlySet<string> = new Set(['run.lease-held', 'run.journal']);

/**
 * Tells whether the same call on the same journal is to be made again. The approved plan is then neither done nor given
 * up.
 */
export function isUnfinished(outcome: Outcome): boolean {
  switch (outcome.status) {
    case 'paused':
    case 'cancelled':
    case 'interrupted':
      return true;
    case 'refused':
      return outcome.refusals.some(({ code }) => NOT_NOW.has(code));
    default:
      return false;
  }
}
