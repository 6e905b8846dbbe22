import type { Cloud } from '@groundcrew/core';
import {
  aClock,
  aFunction,
  anObjectWith,
  aPositiveDuration,
  aDuration,
  aSignal,
  type Clock,
  type Duration,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import { z } from 'zod';
import { type CollectedBy, collectorsOf, collectShape } from '../metrics/chosen.ts';
import { collectMetrics } from '../metrics/collect.ts';
import type { Collector } from '../metrics/collector.ts';
import type { MetricsRound } from '../metrics/round.ts';
import { buildExporter, type Exporter } from './build-exporter.ts';

export interface ExporterOptions extends CollectedBy {
  readonly cloud: Cloud;
  /**
   * Collectors or metrics whose series for each thing (ids and names of servers, volumes, …) are shown. @default none
   */
  readonly ids?: readonly string[] | undefined;
  /** The time after which a reading gives what it has; what is missing leaves a gap. @default '8s' */
  readonly deadline?: Duration | undefined;
  /** The number of requests that run at the same time. @default 4 */
  readonly atOnce?: number | undefined;
  /** The time for which a reading serves every scrape: the first one after it begins the next reading. @default '30s' */
  readonly maxAge?: Duration | undefined;
  /**
   * The time that a scrape waits for a reading; then it is answered with the older one. What the scraper itself grants
   * (`X-Prometheus-Scrape-Timeout-Seconds`) is kept where it is less. 0: never, once there is one. @default '9s'
   */
  readonly wait?: Duration | undefined;
  /**
   * The most series of a metric. What is beyond it is folded into one whose labels are `overflow`, with the sum of the values.
   * @default 10_000
   */
  readonly series?: number | undefined;
  /** By which it is waited; ages are told by the cloud's. @default the machine's */
  readonly clock?: Clock | undefined;
  /** Its abort closes the exporter. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each round. */
  readonly onRound?: ((round: MetricsRound) => void) | undefined;
  /** Called with why a reading failed. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const schema = optionsSchema<ExporterOptions>({
  ...collectShape,
  cloud: anObjectWith<Cloud>('a Cloud', 'compute', 'clock'),
  ids: z.array(z.string()).optional(),
  deadline: aPositiveDuration.optional(),
  atOnce: z.int().positive().optional(),
  maxAge: aDuration.optional(),
  wait: aDuration.optional(),
  series: z.int().positive().optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
  onRound: aFunction.optional(),
  onError: aFunction.optional(),
});

/**
 * Shows the figures of a cloud to Prometheus. The cloud is read when somebody scrapes, one reading at a time.
 *
 * Of every collector it says how much was seen: a list that failed is absent, never 0. While a reading fails, what is known is
 * shown with its age; before anything is known the answer is 503 with the reason. No text that it answers with holds a secret.
 *
 * It stands on prom-client, an optional peer, which has to be installed beside this package.
 *
 * @throws InputError that names the option
 * @example
 * const metrics = exporter({ cloud, collect: ['servers', 'volumes', 'services'] });
 * createServer(metrics.handler).listen(9180);
 */
export function exporter(options: ExporterOptions): Exporter {
  parseArguments('exporter', schema, options);
  const { cloud, collect, ids = [], deadline = '8s', atOnce, clock = systemClock } = options;
  const collectors = collectorsOf('exporter', collect);
  refuseUnknown(ids, collectors);
  return buildExporter({
    read: (signal) => collectMetrics(cloud, { collect, ids, deadline, atOnce, clock, signal }),
    metrics: collectors.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)),
    now: () => cloud.clock.now(),
    clock,
    maxAgeMs: milliseconds(options.maxAge ?? '30s'),
    waitMs: milliseconds(options.wait ?? '9s'),
    cap: options.series ?? 10_000,
    signal: options.signal,
    onRound: options.onRound,
    onError: options.onError,
  });
}

/** What no reading could take is refused here, and not by the first scrape. */
function refuseUnknown(ids: readonly string[], collectors: readonly Collector[]): void {
  const known = new Set(
    collectors.flatMap(({ name, metrics }) => [name, ...metrics.map(({ metric }) => metric.name)]),
  );
  ids.forEach((name, index) => {
    if (known.has(name)) return;
    const field = `ids.${index}`;
    throw new InputError(`exporter: ${field}: is no collector or metric of this exporter`, {
      field,
      operation: 'exporter',
    });
  });
}
