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
