/** Part of the events, from 0 to 1, that failed in a window, and how much of the window stands behind it. */
export interface SliWindow {
  /** `undefined` where nothing was seen, or what was seen cannot be computed with. */
  readonly errorRatio: number | undefined;
  /** Samples in the window; the mean over the series that have any there. */
  readonly samples: number;
  /** The reason why samples that are there gave no ratio. */
  readonly because?: string | undefined;
}

/** Samples, put in order. */
export interface SliReading {
  /** Samples later than `after` and not later than `until`; milliseconds since 1970. */
  window(after: number, until: number): SliWindow;
  /** What was left out of the samples, in words; empty if nothing was. */
  readonly ignored: readonly string[];
}

/** PromQL of one window. */
export interface SliQueries {
  /** The error ratio, without labels; no result, or NaN, where it is not known. */
  readonly errorRatio: string;
  /** The conditions without which the error ratio says nothing: the result of each is empty if it does not hold. */
  readonly conditions: readonly string[];
  /** The samples in the window; the mean over the series that have any there. */
  readonly samples: string;
}

/**
 * A service level indicator: how the part of the events that failed is computed, from samples in process and by
 * Prometheus from the series of the same samples, with the same result.
 */
export interface Sli<S> {
  /** The time from one sample to the next. */
  readonly intervalMs: number;
  read(samples: readonly S[]): SliReading;
  /**
   * @param range - duration in PromQL
   * @throws InputError if the indicator names no series
   */
  queries(range: string): SliQueries;
}
