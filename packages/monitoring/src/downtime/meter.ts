import {
  aClock,
  aDuration,
  aFunction,
  aSignal,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import * as z from 'zod';
import type { Probe, ProbeAnswer, Sample } from './sample.ts';

export interface MeterOptions {
  readonly probe: Probe;
  /**
   * The time from the beginning of one operation to that of the next, however long each takes. 1 ms to 1 h. @default '100ms'
   */
  readonly interval?: Duration | undefined;
  /** After it an operation counts as failed, whether its probe heeds the signal or not. 1 ms to 1 h. @default '2s' */
  readonly timeout?: Duration | undefined;
  /** @default the machine's, which no correction of the wall clock moves */
  readonly clock?: Clock | undefined;
  /** Its abort stops the meter, as `stop` does. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each sample when it is complete. */
  readonly onSample?: ((sample: Sample) => void) | undefined;
}

/** A measurement that is going on. */
export interface Meter extends AsyncDisposable {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The samples that are complete until now, in the order in which they began. */
  samples(): readonly Sample[];
  /** No new operation; resolves with all samples when those that are under way have ended, within `timeout`. */
  stop(): Promise<readonly Sample[]>;
}

/** A millisecond to an hour. */
const anHour = aDuration.pipe(z.number().min(1).max(milliseconds('1h')));

const meterOptions = optionsSchema<MeterOptions>({
  probe: aFunction,
  interval: anHour.optional(),
  timeout: anHour.optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
  onSample: aFunction.optional(),
});

/** Wall-clock time that only goes forward, finer than a millisecond. */
const steadyClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

/**
 * Measures whether somebody is served: begins an operation every `interval`, also while earlier ones wait for their
 * answer, so that a frozen server does not stop the measuring. A tick that comes too late (a busy machine) is left out,
 * not caught up with; `measureDowntime` sees the gap and widens its error bar.
 *
 * @throws InputError
 * @example
 * await using meter = startMeter({ probe: httpProbe('http://10.0.0.10:5000/v3'), interval: 50 });
 */
export function startMeter(options: MeterOptions): Meter {
  parseArguments('startMeter', meterOptions, options);
  const { probe, clock = steadyClock, onSample } = options;
  const interval = milliseconds(options.interval ?? '100ms');
  const timeout = milliseconds(options.timeout ?? '2s');
  const stopping = new AbortController();
  const signal =
    options.signal === undefined ? stopping.signal : AbortSignal.any([stopping.signal, options.signal]);
  const samples: Sample[] = [];
  const underWay = new Set<Promise<void>>();

  const operation = async (): Promise<void> => {
    const at = clock.now();
    const answer = await answerOf(probe, timeout, clock);
    const sample = { at, duration: clock.now() - at, ...answer };
    samples.push(sample);
    onSample?.(sample);
  };

  const ticking = (async () => {
    let due = clock.now();
    while (!signal.aborted) {
      const running = operation().finally(() => underWay.delete(running));
      underWay.add(running);
      const now = clock.now();
      due += interval * (Math.floor(Math.max(0, now - due) / interval) + 1);
      try {
        await clock.sleep(Math.max(0, due - now), signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  })();
  // Looked at by `stop`; until then it is nobody's unhandled rejection.
  ticking.catch(() => undefined);

  const inOrder = (): readonly Sample[] => samples.toSorted((a, b) => a.at - b.at);
  const stop = async (): Promise<readonly Sample[]> => {
    stopping.abort();
    await ticking;
    await Promise.all(underWay);
    return inOrder();
  };
  return {
    intervalMs: interval,
    timeoutMs: timeout,
    samples: inOrder,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

async function answerOf(probe: Probe, timeout: number, clock: Clock): Promise<ProbeAnswer> {
  const over = new AbortController();
  const answered = new AbortController();
  const late: ProbeAnswer = { ok: false, error: `no answer within ${timeout} ms` };
  const deadline = clock.sleep(timeout, answered.signal).then(
    () => {
      over.abort(new Error(late.error));
      return late;
    },
    () => late,
  );
  const asked = (async () => probe(over.signal))().catch((error: unknown): ProbeAnswer =>
    over.signal.aborted ? late : { ok: false, error: wordsOf(error) },
  );
  try {
    return await Promise.race([asked, deadline]);
  } finally {
    answered.abort();
    await deadline;
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code || error.message || error.name;
}
