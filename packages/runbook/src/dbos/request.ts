import type { JournalRecord } from '../journal/journal.ts';
import type { Outcome } from '../running/outcome.ts';
import type { Plan } from '../plan/plan.ts';

/** The argument of a workflow: one try of a run, from where the journal stands until it ends. */
export interface RunRequest {
  readonly run: string;
  readonly plan: Plan;
  readonly approved: string;
  readonly by: string | null;
  readonly onFailure: 'stop' | 'roll-back';
  /**
   * The number of times that the run had ended when the request was made. If it has ended once more, this try is over,
   * whichever worker had it.
   */
  readonly ended: number;
}

/** The outcomes of a run so far, the latest last. */
export const endsIn = (records: readonly JournalRecord[]): readonly Outcome[] =>
  records.flatMap(({ event }) => (event.type === 'run-ended' ? [event.outcome] : []));
