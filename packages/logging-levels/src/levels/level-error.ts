import { GroundcrewError } from '@groundcrew/ground';

/** A level could not be read, set or put back. */
export class LevelError extends GroundcrewError {
  /**
   * `levels.not-confirmed` (nothing tells that it has the level), `levels.not-restored`, `levels.not-set` (see `confirmed`);
   * refused before anything is done: `levels.already`, `levels.leased`, `levels.mixed` (workers differ), `levels.foreign-level`,
   * `levels.no-logger`, `levels.no-cloud`, `levels.no-host`, `levels.no-process`, `levels.no-hang-up`, `levels.file`.
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
