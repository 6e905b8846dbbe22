import type { EventEmitter } from 'eventemitter3';
import type { ExecutionEvents } from './execution-events.ts';
import type { JournalRecord } from '../journal/journal.ts';
import type { Outcome, StepCounts } from './outcome.ts';

/**
 * A run that is going on. Iterated over, it yields every record from then on, and ends with the run. Disposed of, it is
 * cancelled (first stage), and awaited.
 */
export interface Execution extends AsyncIterable<JournalRecord>, AsyncDisposable {
  readonly events: EventEmitter<ExecutionEvents>;
  /** Never rejects for what an `Outcome` can say. */
  readonly outcome: Promise<Outcome>;
  /** The number of steps in each state now. */
  readonly counts: StepCounts;
  /** No new step; those that are running end. The outcome is then `paused`; the same call on the same journal goes on. */
  pause(): void;
  /**
   * The first call: no new step, those that are running end. The second: their signal aborts. The outcome is `cancelled`
   * unless everything was over by then. A rollback that has begun is cancelled likewise, and a later run continues it.
   */
  cancel(): void;
}
