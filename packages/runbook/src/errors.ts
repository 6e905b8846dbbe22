import { GroundcrewError } from '@groundcrew/ground';

/** The base of all errors of this package but `InputError`; `code` is stable and machine-readable. */
export abstract class RunbookError extends GroundcrewError {}

/** A plan that is not one; `field` says where: `steps.2.needs.0`. */
export class PlanError extends RunbookError {
  readonly code = 'plan';
  readonly field: string;

  constructor(message: string, options: { readonly field: string; readonly remedy?: string }) {
    super(message, options);
    this.field = options.field;
  }
}
