import { GroundcrewError } from '@groundcrew/ground';

/** A backup of Cinder's own could not be made, imported or restored. */
export class CinderBackupError extends GroundcrewError {
  /** `cinder-backup.failed`, `cinder-backup.import-failed`, `cinder-backup.restore-failed`, `cinder-backup.dependents`. */
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
