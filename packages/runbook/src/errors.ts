import { visible } from '@groundcrew/ground';

/** Every failure of this package; `code` is stable and machine-readable. */
export abstract class RunbookError extends Error {
  abstract readonly code: string;
  /** What the reader can do about it. */
  readonly remedy: string | undefined;

  constructor(
    message: string,
    options: { readonly remedy?: string | undefined; readonly cause?: unknown } = {},
  ) {
    // Names, paths and what programs printed are other people's text: a message goes to terminals and logs.
    super(
      visible(message, { multiline: true }),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = new.target.name;
    this.remedy = options.remedy;
  }
}

/** A plan that is not one; `field` says where: `steps.2.needs.0`. */
export class PlanError extends RunbookError {
  readonly code = 'plan';
  readonly field: string;

  constructor(message: string, options: { readonly field: string; readonly remedy?: string }) {
    super(message, options);
    this.field = options.field;
  }
}
