import { GroundcrewError } from '@groundcrew/ground';

/** A level could not be read, set or put back. */
export class LevelError extends GroundcrewError {
  /**
   * `levels.not-confirmed` (nothing answered with the level), `levels.not-restored`, `levels.mixed` (workers differ), `levels.foreign-level`,
   * `levels.no-logger`, `levels.no-host`, `levels.no-process`, `levels.not-set` (see `confirmed`), `levels.file`.
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
