import { RunbookError } from './errors.ts';

/** The journal could not be read or written: a full disk, a missing folder, a database that is away. */
export class JournalError extends RunbookError {
  readonly code: string = 'journal';
}

/** The journal holds something that nobody wrote there; `line` counts from 1. */
export class JournalCorruptError extends JournalError {
  override readonly code = 'journal-corrupt';
  readonly line: number;

  constructor(message: string, options: { readonly line: number; readonly cause?: unknown }) {
    super(message, {
      ...options,
      remedy: 'Keep it for the investigation, look at what the cloud really is, and plan anew from there.',
    });
    this.line = options.line;
  }
}

/** Somebody else who is alive holds the lease. */
export class LeaseHeldError extends RunbookError {
  readonly code = 'lease-held';
  /** As it called itself. */
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
