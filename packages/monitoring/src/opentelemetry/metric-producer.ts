import { type Duration, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type RoundReadingOptions, readingParts, readingShape } from '../exporter/reading.ts';
import { buildProducer, type CloudMetricProducer } from './build-producer.ts';

export type { CloudMetricProducer } from './build-producer.ts';

export interface MetricProducerOptions extends RoundReadingOptions {
  /**
   * The time after which a reading gives what it has; what is missing leaves a gap. It should be less than what the reader
   * grants (`exportTimeoutMillis`, 30 s). @default '20s'
   */
  readonly deadline?: Duration | undefined;
  /** Its abort closes the producer. */
  readonly signal?: AbortSignal | undefined;
}

const schema = optionsSchema<MetricProducerOptions>(readingShape);

/**
 * Gives the figures of a cloud to OpenTelemetry's SDK, whose readers and exporters send them on, by OTLP or however else. The
 * cloud is read when a reader collects, one reading at a time.
 *
 * Names, labels and meanings are the exporter's: a list that failed has no data points, and `groundcrew_collector_complete` says
 * so. `errors` has one error for each collector that did not see everything, and why a reading failed; the SDK's readers log
 * them by its `diag`. A figure has the time at which it was read.
 *
 * It needs `@opentelemetry/api`, `@opentelemetry/resources` and `@opentelemetry/sdk-metrics`, optional peers. The SDK calls the
 * option `metricProducers` experimental.
 *
 * @throws InputError that names the option
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk/#metricproducer
 * @example
 * const producer = metricProducer({ cloud, collect: ['servers', 'volumes', 'services'] });
 * const reader = new PeriodicExportingMetricReader({
 *   exporter: new OTLPMetricExporter(),
 *   metricProducers: [producer],
 * });
 * const provider = new MeterProvider({ readers: [reader] });
 */
export function metricProducer(options: MetricProducerOptions): CloudMetricProducer {
  parseArguments('metricProducer', schema, options);
  return buildProducer(readingParts('metricProducer', options, '20s'));
}
