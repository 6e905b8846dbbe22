import type { JournalRecord } from '../journal/journal.ts';
import type { Json } from '../json.ts';
import type { Outcome } from './outcome.ts';
import type { Gate } from '../plan/plan.ts';

/** The events of an execution: enough for a progress bar. */
export interface ExecutionEvents {
  /** Something happened, and is in the journal. */
  record: [JournalRecord];
  /** An implementation tells how far it is; not journalled. */
  progress: [ProgressEvent];
  /** A gate stays closed; steps wait there. */
  waiting: [WaitingEvent];
  /** The last event. */
  ended: [Outcome];
}

export interface ProgressEvent {
  readonly step: string;
  readonly message: string;
  readonly facts: { readonly [key: string]: Json } | undefined;
}

export interface WaitingEvent {
  readonly gate: Gate;
  /** The error with which `gate` rejected, if it did not answer. */
  readonly error: unknown;
}
