import { GroundcrewError } from '@groundcrew/ground';

/**
 * A recovery point that is not one. `point.malformed`: it is no such document, and `field` says where. `point.version`: it is
 * of a version that this release does not read, or may not change. `point.digest`: it is not what was sealed.
 */
export class PointError extends GroundcrewError {
  readonly code: 'point.malformed' | 'point.version' | 'point.digest';
  /** Path of the field, `resources.3.kind`; empty for the document as a whole. */
  readonly field: string;

  constructor(
    code: PointError['code'],
    message: string,
    options: { readonly field: string; readonly remedy?: string; readonly cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.field = options.field;
  }
}
