import type { Completeness, Gap } from '@groundcrew/ground';
import type { Metric, MetricSample } from './metric.ts';

/** A metric with its samples of one round; a metric of which nothing was seen is in no family. */
export interface MetricFamily {
  readonly metric: Metric;
  readonly collector: string;
  readonly samples: readonly MetricSample[];
}

/** What became of one collector in a round. */
export interface CollectorReport {
  readonly collector: string;
  /** `complete` only if each of its lists was read to its end by a user who is shown all that it counts. */
  readonly completeness: Completeness;
  /**
   * Whether the catalogue has no service of the kind, and clouds do without one: there is nothing to collect, and no fault in that.
   * `completeness` is `unsupported` then, and the gap names the service. @default false
   */
  readonly isAbsent?: boolean | undefined;
  /** When its first answer was asked for, and its last had come: ISO 8601, UTC. */
  readonly startedAt: string;
  readonly at: string;
  /** Requests that it made, repeated ones and those for further pages included. */
  readonly calls: number;
  readonly gaps: readonly Gap[];
  /** Elements of each list that it read, by the list's name: what the next round's plan is made from. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** What one reading of the cloud gave: figures, and of each collector how much of it was seen. */
export interface MetricsRound {
  readonly startedAt: string;
  readonly at: string;
  /** Requests of the whole round, the token and version documents included. */
  readonly calls: number;
  readonly families: readonly MetricFamily[];
  readonly collectors: readonly CollectorReport[];
}
