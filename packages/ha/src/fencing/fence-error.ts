import { GroundcrewError } from '@groundcrew/core';
import type { Evidence } from '@groundcrew/ground';

/** The reason why a machine could not be proven to be off. */
export type FenceErrorCode =
  /** No driver has an account for it. */
  | 'fence-unknown-host'
  /** It was told to go off, and did not stay off until the time limit. */
  | 'fence-not-off'
  /** It is not turned on: a server of it may be running elsewhere, and would be started again. */
  | 'fence-kept-off'
  /** Its board did not answer, or not with `on` or `off`. */
  | 'fence-no-reading';

/** A machine is not proven to be off. Its servers must not be moved. */
export class FenceError extends GroundcrewError {
  readonly code: FenceErrorCode;
  readonly host: string;
  /** Every reading, in order. */
  readonly because: readonly Evidence[];

  constructor(
    code: FenceErrorCode,
    message: string,
    options: {
      readonly host: string;
      readonly because: readonly Evidence[];
      readonly remedy: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.code = code;
    this.host = options.host;
    this.because = options.because;
  }
}
