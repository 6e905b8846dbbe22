import { GroundcrewError, messageOf } from '@groundcrew/ground';
import { storeFailure } from '@groundcrew/ground/stores';

/**
 * A store's own word on what is in it, or was to be put there. `uptime.unreadable`: what is there is no ledger, or is damaged.
 * `uptime.refused`: the database does not keep such evidence. Whatever passes by itself (a lost connection, a full disk, a
 * writer that holds the lock too long) stays the database's error: the same again may work.
 */
export class UptimeError extends GroundcrewError {
  readonly code: 'uptime.unreadable' | 'uptime.refused';

  constructor(code: UptimeError['code'], message: string, cause?: unknown) {
    super(message, {
      remedy:
        code === 'uptime.unreadable'
          ? 'Restore the ledger from a backup, or begin a new one: what is lost will be unknown.'
          : undefined,
      cause,
    });
    this.code = code;
  }
}

/** What to throw for what a database threw. */
export function asUptimeError(error: unknown): unknown {
  const failure = storeFailure(error);
  return failure === undefined ? error : new UptimeError(`uptime.${failure}`, messageOf(error), error);
}
