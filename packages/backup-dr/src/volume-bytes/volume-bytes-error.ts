import { GroundcrewError } from '@groundcrew/ground';

/** The bytes of a volume cannot be reached this way. */
export class VolumeBytesError extends GroundcrewError {
  /** `volume-bytes.connection` (no device that this host has), `volume-bytes.size`, `volume-bytes.group` (not in it any more). */
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
