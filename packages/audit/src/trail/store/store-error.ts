import { messageOf } from '@groundcrew/ground';
import { storeFailure } from '@groundcrew/ground/stores';
import { TrailError } from '../trail-error.ts';

/**
 * A store's own word on what is in it, or was to be put there. Whatever passes by itself (a lost connection, a full disk)
 * stays the database's error: the same again may work.
 */
export class StoreError extends TrailError {
  constructor(code: 'trail.unreadable' | 'trail.refused', message: string, cause?: unknown) {
    super(code, message, { cause });
  }
}

/** What to throw for what a database threw. */
export function asStoreError(error: unknown): unknown {
  const failure = storeFailure(error);
  return failure === undefined ? error : new StoreError(`trail.${failure}`, messageOf(error), error);
}
