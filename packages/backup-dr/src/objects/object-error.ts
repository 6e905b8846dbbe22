import { GroundcrewError } from '@groundcrew/ground';

/**
 * Objects of a container cannot be kept, or be made again. `object.changed`: one was replaced while it was read. `object.archive`: what is
 * kept is no archive of a container.
 */
export class ObjectError extends GroundcrewError {
  readonly code: 'object.changed' | 'object.archive';

  constructor(
    code: ObjectError['code'],
    message: string,
    options: { readonly remedy?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
  }
}
