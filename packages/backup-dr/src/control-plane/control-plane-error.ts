import { GroundcrewError } from '@groundcrew/ground';

/** A part of a control plane could not be read, or is not what was stored. */
export class ControlPlaneError extends GroundcrewError {
  /** `control-plane.definitions`, `control-plane.database`. */
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
