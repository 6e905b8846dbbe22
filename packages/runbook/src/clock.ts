import { setTimeout } from 'node:timers/promises';

/** Time, as far as a run needs it; the `Clock` of `@groundcrew/core` is one. Injected, so that no test sleeps. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason, leaving no timer behind. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's, for what goes on beside the work: a timer that nobody waits for does not keep the process alive. */
export const backgroundClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => slept(ms, signal, false),
};

async function slept(ms: number, signal: AbortSignal | undefined, ref: boolean): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal, ref });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

/** The machine's own: what a run goes by unless it is given another. */
export const machineClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => slept(ms, signal, true),
};
