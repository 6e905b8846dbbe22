import type { Collector } from '../metrics/collector.ts';
import type { Matcher } from '../prometheus/promql.ts';

/** `page`: somebody has to act now. `ticket`: somebody has to act in working hours. */
export type AlertSeverity = 'page' | 'ticket';

/** From which share on something is nearly full. */
export interface AlertThresholds {
  readonly freeShare: number;
  readonly usedShare: number;
}

/** Writes a selector of a metric that the alert's collector declares. */
export type SeriesOf = (metric: string, ...matchers: readonly Matcher[]) => string;

/** An alert over a collector's figures, before it is known which of them are collected. */
export interface Alert {
  readonly name: string;
  readonly collector: Collector;
  /** PromQL: a series for each thing that is wrong. */
  readonly expr: (series: SeriesOf, thresholds: AlertThresholds) => string;
  readonly for: '5m' | '15m';
  readonly severity: AlertSeverity;
  /** One sentence, a template of Prometheus. */
  readonly summary: string;
  /** What to look at, and what helps. */
  readonly runbook: string;
  /** Tells alerts of one name apart. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * A label's value within a summary. It was chosen by whoever named a server, a pool or a host: in quotes and with escapes it
 * begins no line of its own, and templates put values in without reading them once more.
 */
export const label = (name: string): string => `{{ printf "%.100q" $labels.${name} }}`;

/** The value within a summary, as a number of things. */
export const COUNT = '{{ printf "%.0f" $value }}';

/** The value within a summary, as a share of 100. */
export const PERCENT = '{{ $value | humanizePercentage }}';
