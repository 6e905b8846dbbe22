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
  /** How often the run had ended when it was made. Once more, and this try is over, whoever was its worker. */
  readonly ended: number;
}

/** How a run has ended so far, the latest last. */
export const endsIn = (records: readonly JournalRecord[]): readonly Outcome[] =>
  records.flatMap(({ event }) => (event.type === 'run-ended' ? [event.outcome] : []));
