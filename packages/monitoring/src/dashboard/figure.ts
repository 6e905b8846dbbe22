import type { Collector } from '../metrics/collector.ts';
import type { Matcher } from '../prometheus/promql.ts';

/** Writes a selector of a metric that the collector declares. */
export type SeriesOf = (metric: string, ...matchers: readonly Matcher[]) => string;

/** A line of a figure, or a line for each value of the labels that its legend names. */
export interface Line {
  /** PromQL. */
  readonly expr: (series: SeriesOf) => string;
  /** In Grafana's braces: `{{status}}`. */
  readonly legend: string;
}

/** What a panel shows of a collector. */
export interface Figure {
  readonly title: string;
  readonly lines: readonly Line[];
  /** In Grafana's words. @default 'short', a number of things */
  readonly unit?: 'bytes' | 'gbytes' | 'percentunit' | undefined;
}

export interface Figures {
  readonly collector: Collector;
  readonly figures: readonly Figure[];
}

/** The sums of a metric by one label. */
export const sumBy = (label: string, metric: string): Line => ({
  expr: (series) => `sum by (${label}) (${series(metric)})`,
  legend: `{{${label}}}`,
});

/** The ten greatest sums of a metric by one label. */
export const topBy = (label: string, metric: string): Line => ({
  expr: (series) => `topk(10, sum by (${label}) (${series(metric)}))`,
  legend: `{{${label}}}`,
});

/** The sum of all series of a metric. */
export const total = (metric: string, legend: string): Line => ({
  expr: (series) => `sum(${series(metric)})`,
  legend,
});

/** A metric as it is. */
export const each = (metric: string, legend: string): Line => ({
  expr: (series) => series(metric),
  legend,
});
