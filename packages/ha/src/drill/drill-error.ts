import { GroundcrewError } from '@groundcrew/ground';
/** A drill could not be carried out. */
export class DrillError extends GroundcrewError {
  /**
   * `drill.no-victim`, `drill.no-host`, `drill.unquiet` (it failed before the fault), `drill.cut-off` (an earlier attempt
   * died; undone now), `drill.not-undone`.
   */
  readonly code: string;

  constructor(
    code: string,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}
