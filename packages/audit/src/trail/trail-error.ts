import { GroundcrewError } from '@groundcrew/core';

/**
 * A trail, or its store, cannot do this. `trail.no-signer`: it was opened without one. `trail.broken`: what is there is not
 * what was written, `verify()` says where. `trail.reserved`: only the trail tells of its own maintenance. `trail.unreadable`: the
 * store holds no trail. `trail.refused`: the database does not keep such a record.
 */
export class TrailError extends GroundcrewError {
  readonly code: 'trail.no-signer' | 'trail.broken' | 'trail.reserved' | 'trail.unreadable' | 'trail.refused';

  constructor(
    code: TrailError['code'],
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}
