import type { Cloud } from '@groundcrew/core';
import {
  aClock,
  aDuration,
  aFunction,
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Clock,
  type Duration,
  milliseconds,
  systemClock,
} from '@groundcrew/ground';
import { z } from 'zod';
import { type CollectedBy, collectorsOf, collectShape } from '../metrics/chosen.ts';
import { collectMetrics } from '../metrics/collect.ts';
import type { Metric } from '../metrics/metric.ts';
import type { MetricsRound } from '../metrics/round.ts';
import { wantedOf } from '../metrics/wanted.ts';
import type { LatestRoundOptions } from './latest-round.ts';

/** What is read of a cloud, and how often, for whoever shows its figures. */
export interface RoundReadingOptions extends CollectedBy {
  readonly cloud: Cloud;
  /**
   * Collectors or metrics whose series for each thing (ids and names of servers, volumes, …) are shown. @default none
   */
  readonly ids?: readonly string[] | undefined;
  /** The time after which a reading gives what it has; what is missing leaves a gap. */
  readonly deadline?: Duration | undefined;
  /** The number of requests that run at the same time. @default 4 */
  readonly atOnce?: number | undefined;
  /** The time for which a reading serves whoever asks: the first one after it begins the next reading. @default '30s' */
  readonly maxAge?: Duration | undefined;
  /**
   * The most series of a metric. What is beyond it is folded into one whose labels are `overflow`, with the sum of the values.
   * @default 10_000
   */
  readonly series?: number | undefined;
  /** By which it is waited; ages are told by the cloud's. @default the machine's */
  readonly clock?: Clock | undefined;
  /** Its abort ends a reading that is under way; no other is begun, and what is known stays. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each round. */
  readonly onRound?: ((round: MetricsRound) => void) | undefined;
  /** Called with why a reading failed. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Part of the schemas of those who take {@link RoundReadingOptions}. */
export const readingShape = {
  ...collectShape,
  cloud: anObjectWith<Cloud>('a Cloud', 'compute', 'clock'),
  ids: z.array(z.string()).optional(),
  deadline: aPositiveDuration.optional(),
  atOnce: z.int().positive().optional(),
  maxAge: aDuration.optional(),
  series: z.int().positive().optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
  onRound: aFunction.optional(),
  onError: aFunction.optional(),
};

/** What figures are read from, and shown by, whatever shows them. */
export interface ReadingParts extends LatestRoundOptions {
  /** Metrics that a round may have. */
  readonly metrics: readonly Metric[];
  /** The cloud's time, by which ages are told. */
  readonly now: () => number;
}

/**
 * The reading that options ask for.
 *
 * @param deadline - where the options have none
 * @throws InputError for collectors and ids that there are not: what no reading could take is refused before the first one
 */
export function readingParts(
  operation: string,
  options: RoundReadingOptions,
  deadline: Duration,
): ReadingParts {
  const { cloud, collect, ids = [], atOnce, clock = systemClock, maxAge = '30s', series = 10_000 } = options;
  const collectors = collectorsOf(operation, collect);
  wantedOf(operation, collectors, ids);
  const reading = { collect, ids, deadline: options.deadline ?? deadline, atOnce, clock };
  return {
    read: (signal) => collectMetrics(cloud, { ...reading, signal }),
    metrics: collectors.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)),
    now: () => cloud.clock.now(),
    clock,
    maxAgeMs: milliseconds(maxAge),
    cap: series,
    signal: options.signal,
    onRound: options.onRound,
    onError: options.onError,
  };
}
