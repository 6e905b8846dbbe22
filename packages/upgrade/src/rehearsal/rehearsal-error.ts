import { GroundcrewError } from '@groundcrew/ground';

/** A rehearsal could not be held. */
export class RehearsalError extends GroundcrewError {
  /**
   * `rehearsal.no-database`; `rehearsal.exists` (a database has the name of a copy); `rehearsal.cells` (Nova has other cells than cell0 and
   * one); `rehearsal.original-changed` (what was copied is not as it was: look at once).
   */
  readonly code: string;

  constructor(
    code: string,
    message: string,
    options: { readonly remedy?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}
