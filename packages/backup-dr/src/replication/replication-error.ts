import { GroundcrewError } from '@groundcrew/ground';

/** A failover could not go on. */
export class ReplicationError extends GroundcrewError {
  /** `replication.no-backend`, `replication.server-state`, `replication.not-reconnected`, `replication.unseen`. */
  readonly code: string;

  constructor(code: string, message: string, options: { readonly remedy?: string | undefined } = {}) {
    super(message, options);
    this.code = code;
  }
}
