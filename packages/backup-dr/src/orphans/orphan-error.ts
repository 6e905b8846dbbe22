import { GroundcrewError } from '@groundcrew/ground';

/** A contradiction could not be mended. */
export class OrphanError extends GroundcrewError {
  /** `orphans.unseen` (a host did not answer), `orphans.guest-runs`, `orphans.changed`, `orphans.no-host`. */
  readonly code: string;

  constructor(code: string, message: string, options: { readonly remedy?: string | undefined } = {}) {
    super(message, options);
    this.code = code;
  }
}
