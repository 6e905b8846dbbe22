/** Time, as far as a run needs it; the `Clock` of `@groundcrew/core` is one. Injected, so that no test sleeps. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason, leaving no timer behind. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
