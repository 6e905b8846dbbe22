import { aClock, aFunction, aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import * as z from 'zod';
import type { Probe, ProbeAnswer, Sample } from './sample.ts';

export interface MeterOptions {
  readonly probe: Probe;
  /** Milliseconds from the beginning of one operation to that of the next, however long each takes. @default 100 */
  readonly interval?: number | undefined;
  /** Milliseconds after which an operation counts as failed, whether its probe heeds the signal or not. @default 2000 */
  readonly timeout?: number | undefined;
  /** @default the machine's, which no correction of the wall clock moves */
  readonly clock?: Clock | undefined;
  /** Its abort stops the meter, as `stop` does. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each sample when it is complete. */
  readonly onSample?: ((sample: Sample) => void) | undefined;
}

/** A measurement that is going on. */
export interface Meter extends AsyncDisposable {
  readonly interval: number;
  readonly timeout: number;
  /** What is complete until now, in the order in which it began. */
  samples(): readonly Sample[];
  /** No new operation; resolves with all samples when those that are under way have ended, within `timeout`. */
  stop(): Promise<readonly Sample[]>;
}

const meterOptions = optionsSchema<MeterOptions>({
  probe: aFunction,
  interval: z.number().min(1).max(3_600_000).optional(),
  timeout: z.number().min(1).max(3_600_000).optional(),
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
  const { probe, interval = 100, timeout = 2_000, clock = steadyClock, onSample } = options;
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
    interval,
    timeout,
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
