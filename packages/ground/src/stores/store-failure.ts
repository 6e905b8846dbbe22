/**
 * What a database says of a statement that failed. `unreadable`: what is stored is no longer what was stored. `refused`: it
 * does not take what it was given.
 */
export type StoreFailure = 'unreadable' | 'refused';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const POSTGRES_UNREADABLE = /^(?:42P01|42703|XX00[12])$/; // undefined table or column, corrupted data or index
const POSTGRES_REFUSED = /^(?:22|23|54)/; // data exception, integrity constraint violation, program limit exceeded
const SQLSTATE = /^[0-9A-Z]{5}$/;

// https://www.sqlite.org/rescode.html
const SQLITE_UNREADABLE = new Set([1, 11, 26]); // SQLITE_ERROR (no such table), SQLITE_CORRUPT, SQLITE_NOTADB
const SQLITE_REFUSED = new Set([18, 19, 20]); // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH

/**
 * Reads an error of `pg` or of `node:sqlite`. The result is `undefined` for everything else: a connection that broke, a lock that
 * was held for too long, an error that is not the database's. The same statement may succeed a moment later.
 *
 * @example
 * const failure = storeFailure(error);
 * throw failure === undefined ? error : new StoreError(`trail.${failure}`, messageOf(error), error);
 */
export function storeFailure(error: unknown): StoreFailure | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  // A number that no number of JavaScript holds, which no store ever wrote.
  if (isOutOfRange(error)) return 'unreadable';
  if (error.code === 'ERR_SQLITE_ERROR') {
    // An extended result code has the primary one in its lowest byte.
    const primary = 'errcode' in error ? Number(error.errcode) & 0xff : NaN;
    if (SQLITE_UNREADABLE.has(primary)) return 'unreadable';
    return SQLITE_REFUSED.has(primary) ? 'refused' : undefined;
  }
  if (!SQLSTATE.test(error.code)) return undefined;
  if (POSTGRES_UNREADABLE.test(error.code)) return 'unreadable';
  return POSTGRES_REFUSED.test(error.code) ? 'refused' : undefined;
}

/** Whether `node:sqlite` read a number that no number of JavaScript holds. */
export const isOutOfRange = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
