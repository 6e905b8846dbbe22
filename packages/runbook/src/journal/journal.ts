import type { Json } from '../json.ts';
import type { Outcome, StepFailure } from '../running/outcome.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * An event of a run. It is written before and after everything that a step does, so that a reader knows what may have
 * acted.
 */
export type JournalEvent =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly plan: Plan;
      readonly by: string | undefined;
    }
  | { readonly type: 'run-resumed'; readonly by: string | undefined }
  | { readonly type: 'gate-opened'; readonly gate: string; readonly by: string | undefined }
  /** From here on it may have acted. */
  | { readonly type: 'step-started'; readonly step: string; readonly attempt: number; readonly key: string }
  /** It acted; not verified yet. */
  | { readonly type: 'step-acted'; readonly step: string; readonly output: Json; readonly found: boolean }
  | { readonly type: 'step-succeeded'; readonly step: string }
  | { readonly type: 'step-failed'; readonly step: string; readonly failure: StepFailure }
  | { readonly type: 'step-skipped'; readonly step: string; readonly because: string }
  | { readonly type: 'rollback-started'; readonly because: string }
  | { readonly type: 'compensation-started'; readonly step: string }
  | { readonly type: 'step-compensated'; readonly step: string }
  | { readonly type: 'compensation-failed'; readonly step: string; readonly failure: StepFailure }
  | { readonly type: 'run-ended'; readonly outcome: Outcome };

export interface JournalRecord {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** ISO 8601, UTC; never before that of the record before. */
  readonly at: string;
  /** Fencing token of who wrote it; never falls. */
  readonly token: number;
  readonly event: JournalEvent;
}

/**
 * The memory of one run. A journal belongs to who holds its lease: `open` takes the lease, and from then on an older
 * holder can neither append nor go on.
 */
export interface Journal {
  /** @throws LeaseHeldError while somebody else who is alive holds it */
  open(options: OpenOptions): Promise<OpenJournal>;
  /** Reads without taking the lease: whole records only, in order. A journal that is not there yet is empty. */
  read(): Promise<readonly JournalRecord[]>;
}

export interface OpenOptions {
  /** The name of the process that opens it, for others that find it held: a host and a process. */
  readonly holder: string;
  readonly signal?: AbortSignal | undefined;
}

export interface OpenJournal {
  /** The records that were there when it was opened. */
  readonly records: readonly JournalRecord[];
  readonly token: number;
  /** Aborted when the lease is lost. */
  readonly lost: AbortSignal;
  /** Durable when it resolves. @throws LeaseLostError, JournalError: then nothing more may be done */
  append(event: JournalEvent, at: string): Promise<JournalRecord>;
  /** Gives the lease back. */
  close(): Promise<void>;
}
