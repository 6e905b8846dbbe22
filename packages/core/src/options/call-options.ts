import type { Duration } from '@groundcrew/ground';

/** The options that every call takes as its last argument. */
export interface CallOptions {
  /** Ends the call, its retries, its pages and its waits; the reason comes out unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** For one attempt; `Infinity`: no limit. @default that of `connect()`: '1m' */
  readonly timeout?: Duration | undefined;
  /** For the call with all its attempts; `Infinity`: no limit. @default that of `connect()`: '5m' */
  readonly deadline?: Duration | undefined;
  /** The number of times that a call may be repeated after a transient failure. @default that of `connect()`: 4 */
  readonly retries?: number | undefined;
  /**
   * Bytes of an answer that is read as a whole (a page, one thing), after decompression; a larger one is a
   * `BodyLimitError`. Images' bytes are streams, and have no limit. @default that of `connect()`: 64 MiB
   */
  readonly maxBody?: number | undefined;
  /** Further request headers. Those that the client sets itself (token, microversion) win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Options of a call that deletes. */
export interface DeleteOptions extends CallOptions {
  /** A 404 is success: it is gone, which is what was wanted. @default false */
  readonly missingOk?: boolean | undefined;
}

/** Options of `find`. */
export interface FindOptions extends CallOptions {
  /** Without it, finding nothing is a `NotFoundError`. @default false */
  readonly missingOk?: boolean | undefined;
}

/** Options of `waitFor` and `waitGone`. */
export interface WaitOptions extends CallOptions {
  /** Until the wait gives up, saying what it saw. @default '10m' */
  readonly patience?: Duration | undefined;
  /** Between two looks at first; it grows by half each time up to `maxInterval`. @default '1s' */
  readonly interval?: Duration | undefined;
  /** The longest time between two looks. @default '10s' */
  readonly maxInterval?: Duration | undefined;
  /** States that end the wait as failed. @default those of the resource (`ERROR`, …) */
  readonly failure?: readonly string[] | undefined;
}
