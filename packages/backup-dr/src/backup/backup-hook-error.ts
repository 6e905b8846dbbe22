import { GroundcrewError } from '@groundcrew/ground';

/** A server could not be brought to rest, and its hook says that the backup fails then. */
export class BackupHookError extends GroundcrewError {
  readonly code = 'backup.hook';

  constructor(message: string, options: { readonly remedy?: string | undefined } = {}) {
    super(message, options);
  }
}
