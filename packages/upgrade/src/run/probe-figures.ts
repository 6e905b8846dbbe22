import type { MeasuredRequest, UpgradeMeasurement } from './measurement.ts';

/** How fast what was served was served; milliseconds. `undefined` where nothing was. */
export interface ServedTimes {
  readonly requests: number;
  readonly failed: number;
  readonly median: number | undefined;
  readonly p99: number | undefined;
}

/** One probe through the run, and before it. */
export interface ProbeFigures extends ServedTimes {
  readonly name: string;
  readonly service: string;
  /** `undefined` where nothing was measured before the run. */
  readonly before: ServedTimes | undefined;
}

export const figuresOf = ({ name, service, samples, before = [] }: UpgradeMeasurement): ProbeFigures => ({
  name,
  service,
  ...servedTimes(samples),
  before: before.length === 0 ? undefined : servedTimes(before),
});

function servedTimes(samples: readonly MeasuredRequest[]): ServedTimes {
  const served = samples
    .filter(({ ok }) => ok)
    .map(({ duration }) => duration)
    .toSorted((a, b) => a - b);
  return {
    requests: samples.length,
    failed: samples.length - served.length,
    median: quantile(served, 0.5),
    p99: quantile(served, 0.99),
  };
}

/** The smallest that so large a part of all does not exceed: one that was measured, not one between two. */
const quantile = (sorted: readonly number[], part: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
