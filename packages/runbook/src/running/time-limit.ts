import { type Clock, type Duration, durationWords, milliseconds } from '@groundcrew/ground';
import { RunbookError } from '../errors.ts';

/** It did not end in its time. Whether it acted is not known. */
class StepTimeoutError extends RunbookError {
  readonly code = 'timeout';
}

export interface TimeLimit {
  readonly clock: Clock;
  readonly limit: Duration;
  /** Ends it early, with its reason. */
  readonly signal: AbortSignal;
  /** The subject as the error names it: `verification of fence-compute-3`. */
  readonly what: string;
}

/** The time, in milliseconds, that something may take to stop after it was told to, before nobody waits any more. */
const GRACE = 5_000;

/**
 * Runs something that may not heed its signal. When the time is over, or the outer signal aborts, it is told to stop;
 * what it still says within the grace period counts, since by then it may have acted.
 */
export async function within<T>(options: TimeLimit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, limit, signal, what } = options;
  signal.throwIfAborted();
  const stop = new AbortController();
  const settled = new AbortController();
  const forward = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  const over = clock.sleep(milliseconds(limit), settled.signal).then(
    () =>
      stop.abort(
        new StepTimeoutError(`the ${what} took longer than ${durationWords(limit)}`, {
          remedy: 'Look at what it did, then run again; or plan it with a longer timeout.',
        }),
      ),
    () => undefined,
  );
  const deserted = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => {
      clock.sleep(GRACE, settled.signal).then(
        () => reject(stop.signal.reason as Error),
        () => undefined,
      );
    });
  });
  try {
    // The extra turn makes a synchronous throw a rejection like any other.
    return await Promise.race([Promise.resolve().then(() => work(stop.signal)), deserted]);
  } catch (error) {
    // Why it was stopped says more than how it noticed.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    settled.abort();
    signal.removeEventListener('abort', forward);
    await over;
  }
}
