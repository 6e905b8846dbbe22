import type { Json } from '../json.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome, StepFailure, StepState } from '../running/outcome.ts';

/** The state of one step, by the journal. */
export interface StepMemory {
  readonly state: StepState;
  /** The number of times that it was started. */
  readonly attempts: number;
  /** It was started, and not undone since: its effect may be there, whatever its state. */
  readonly mayHaveActed: boolean;
  /** The output of its last attempt, if that is known. */
  readonly output: Json | undefined;
  /** It is known to have acted: `output` is what it left. */
  readonly acted: boolean;
  /** The last one; gone when it is tried again. */
  readonly failure: StepFailure | undefined;
  /** The reason why it could not be undone. */
  readonly undoFailure: StepFailure | undefined;
  /** Sequence of the record by which it last started or acted: rollback goes by it, backwards. */
  readonly actedAt: number;
}

/** The state of a run, by its journal. */
export interface RunState {
  readonly run: string;
  readonly plan: Plan;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly steps: ReadonlyMap<string, StepMemory>;
  readonly openGates: ReadonlySet<string>;
  /** True if it is rolling back. It never turns forward again: a half undone state is no place to go on from. */
  readonly rollingBack: boolean;
  /** The outcome; `undefined` while it runs, and after a crash. */
  readonly outcome: Outcome | undefined;
  /** The number of the last record; 0 for none. */
  readonly sequence: number;
}
