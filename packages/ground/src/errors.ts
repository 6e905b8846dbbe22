import { visible } from './visible.ts';

/**
 * Every failure of Groundcrew: one family, few leaves, each for a different remedy.
 *
 * Use the guards (`isNotFound(error)`) rather than `instanceof`: they hold across copies of the package. A call
 * that was aborted rejects with its signal's own reason, which is not of this family.
 *
 * Characters that act on a terminal are escaped in the message: names, paths and what programs printed are other people's
 * text, and a message goes to terminals and logs.
 */
export abstract class GroundcrewError extends Error {
  /** Stable and machine-readable: `not-found`, `config`, `unreachable`, … */
  abstract readonly code: string;
  /** The action that the reader can take. */
  readonly remedy: string | undefined;

  constructor(
    message: string,
    options: { readonly remedy?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(
      visible(message, { multiline: true }),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = new.target.name;
    this.remedy = options.remedy;
  }
}

/** Arguments that the operation does not take. Nothing was sent, and nothing was changed. */
export class InputError extends GroundcrewError {
  readonly code = 'input';
  /** Path of the field, `networks.0.uuid`; empty for the arguments as a whole. */
  readonly field: string;
  readonly operation: string;

  constructor(
    message: string,
    options: {
      readonly field: string;
      readonly operation: string;
      readonly remedy?: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.field = options.field;
    this.operation = options.operation;
  }
}

/** A configuration cannot be used; the error names the file, the line and the key where it can. */
export class ConfigError extends GroundcrewError {
  readonly code = 'config';
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly key: string | undefined;

  constructor(
    message: string,
    options: {
      readonly file?: string | undefined;
      readonly line?: number | undefined;
      readonly key?: string | undefined;
      readonly remedy?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options);
    this.file = options.file;
    this.line = options.line;
    this.key = options.key;
  }
}

/** Any failure of this family, from whichever copy of whichever package. */
export const isGroundcrewError = (error: unknown): error is GroundcrewError =>
  error instanceof Error && 'code' in error && 'remedy' in error;
