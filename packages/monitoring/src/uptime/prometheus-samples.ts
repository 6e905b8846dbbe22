import type { Observed } from '@groundcrew/core';
import type { PrometheusPoint, PrometheusSeries } from '../prometheus/answer.ts';

export type PrometheusLabels = PrometheusSeries['labels'];

/** A sample as it was scraped. Times are milliseconds since 1970. */
export interface Sampled {
  readonly labels: PrometheusLabels;
  readonly value: number;
  /** The sample's own time: when its scrape began. */
  readonly at: number;
  /** The first moment of the range at which Prometheus showed it. */
  readonly shownAt: number;
}

/** Tells the series of the samples' times from those of their values. */
const TIME = 'groundcrew_time';

/**
 * An expression for the values of a selector and, as further series, for their times. At each moment of a range Prometheus shows
 * the newest sample of the last five minutes (`--query.lookback-delta`): only its own time says how old it is. Both in one
 * question, so that no scrape comes between the two.
 */
export const withTimes = (selector: string): string =>
  `label_replace(timestamp(${selector}), "${TIME}", "1", "", "") or ${selector}`;

/** The samples of an answer to `withTimes`, each once, in the order of their times. */
export function samplesOf(series: readonly PrometheusSeries[]): Sampled[] {
  const times = new Map<string, ReadonlyMap<number, number>>();
  for (const { labels, points } of series)
    if (labels[TIME] !== undefined) times.set(keyOf(labels), byTime(points));
  const samples: Sampled[] = [];
  for (const { labels, points } of series) {
    if (labels[TIME] !== undefined) continue;
    const own = times.get(keyOf(labels));
    let last = -Infinity;
    for (const { at: shownAt, value } of points) {
      const at = Math.round((own?.get(shownAt) ?? NaN) * 1000);
      // Shown again: nothing new was scraped. Without a time of its own it says nothing about any time.
      if (!(at > last)) continue;
      last = at;
      samples.push({ labels, value, at, shownAt });
    }
  }
  return samples.toSorted((a, b) => a.at - b.at);
}

/** Finds what series say at a moment of the range about the thing that a key names; where several do, the least of it. */
export class SideSeries {
  readonly #values = new Map<string, Map<number, number>>();

  constructor(
    { value }: Observed<readonly PrometheusSeries[]>,
    keyOfSeries: (labels: PrometheusLabels) => string | undefined,
  ) {
    for (const { labels, points } of value) {
      const key = keyOfSeries(labels);
      if (key === undefined) continue;
      const known = this.#values.get(key) ?? new Map<number, number>();
      this.#values.set(key, known);
      for (const { at, value: said } of points) known.set(at, Math.min(said, known.get(at) ?? Infinity));
    }
  }

  at(key: string | undefined, moment: number): number | undefined {
    return key === undefined ? undefined : this.#values.get(key)?.get(moment);
  }
}

/** Functions of Prometheus drop a metric's name. */
const keyOf = (labels: PrometheusLabels): string =>
  JSON.stringify(
    Object.entries(labels)
      .filter(([name]) => name !== '__name__' && name !== TIME)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

const byTime = (points: readonly PrometheusPoint[]): ReadonlyMap<number, number> =>
  new Map(points.map(({ at, value }) => [at, value]));
