import type { Sample } from './sample.ts';

/** The figures before the fault. */
export interface Baseline {
  readonly operations: number;
  readonly errors: number;
  /** Milliseconds, of those that succeeded; `undefined` if fewer than ten did. */
  readonly mean: number | undefined;
  /** Standard deviation; milliseconds. */
  readonly deviation: number | undefined;
}

/** Fewer say nothing about a mean. */
const ENOUGH = 10;

export function baselineOf(samples: readonly Sample[]): Baseline {
  const served = samples.filter((sample) => sample.ok).map((sample) => sample.duration);
  const facts = { operations: samples.length, errors: samples.length - served.length };
  if (served.length < ENOUGH) return { ...facts, mean: undefined, deviation: undefined };
  const mean = meanOf(served);
  const variance = served.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (served.length - 1);
  return { ...facts, mean, deviation: Math.sqrt(variance) };
}

/**
 * Is the operation at this place slow in a slow window? One slow answer is no slow window, and the last good answers of
 * a slow window are not slow: without the second half of the question, every recovery would end a window too late.
 */
export function slowerThan(
  { mean, deviation = 0 }: Baseline,
  {
    window,
    sigma,
    ratio,
    slowerBy,
  }: {
    readonly window: number;
    readonly sigma: number;
    readonly ratio: number;
    readonly slowerBy: number;
  },
): (samples: readonly Sample[], at: number) => boolean {
  if (mean === undefined) return () => false;
  const limit = Math.max(mean + (sigma * deviation) / Math.sqrt(window), mean * ratio, mean + slowerBy);
  const isSlow = (some: readonly Sample[]): boolean => {
    const served = some.filter((sample) => sample.ok).map((sample) => sample.duration);
    return served.length > 0 && meanOf(served) > limit;
  };
  return (samples, at) => {
    const sample = samples[at];
    if (sample === undefined || !sample.ok || sample.duration <= limit) return false;
    const most = Math.min(at, samples.length - window);
    for (let from = Math.max(0, at - window + 1); from <= most; from += 1)
      if (isSlow(samples.slice(from, from + window))) return true;
    return false;
  };
}

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
