/** A drill that could not be carried through. */
export class DrillError extends Error {
  override readonly name = 'DrillError';
  /**
   * `drill.no-victim`, `drill.no-host`, `drill.unquiet` (it failed before the fault), `drill.cut-off` (an earlier attempt
   * died; undone now), `drill.not-undone`.
   */
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}
