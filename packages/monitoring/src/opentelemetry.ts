export { CollectorGapsError } from './opentelemetry/collector-gaps.ts';
export {
  type CloudMetricProducer,
  metricProducer,
  type MetricProducerOptions,
} from './opentelemetry/metric-producer.ts';
export { ReadingError } from './exporter/reading-error.ts';
export type { RoundReadingOptions } from './exporter/reading.ts';
