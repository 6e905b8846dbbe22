import { RunbookError } from '../errors.ts';

/** The journal could not be read or written: a full disk, a missing folder, a database that is away. */
export class JournalError extends RunbookError {
  readonly code: string = 'journal';
}

/** The journal holds something that no run of its plan writes there, or that only a newer release can read. */
export class JournalCorruptError extends JournalError {
  override readonly code = 'journal-corrupt';
  /** The number of the record, from 1. */
  readonly line: number;
  /** The place in the record: `event.plan.digest`; `undefined` if it is no record at all. */
  readonly field: string | undefined;

  constructor(
    message: string,
    options: {
      readonly line: number;
      readonly field?: string | undefined;
      readonly remedy?: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, {
      cause: options.cause,
      remedy:
        options.remedy ??
        'Keep it for the investigation, look at what the cloud really is, and plan anew from there.',
    });
    this.line = options.line;
    this.field = options.field;
  }
}

/** Another holder that is alive holds the lease. */
export class LeaseHeldError extends RunbookError {
  readonly code = 'lease-held';
  /** The name that the holder gave itself. */
  readonly holder: string;

  constructor(message: string, options: { readonly holder: string; readonly remedy?: string }) {
    super(message, options);
    this.holder = options.holder;
  }
}

/** The lease went to somebody else, or may have: nothing more may be done. */
export class LeaseLostError extends RunbookError {
  readonly code = 'lease-lost';
}
