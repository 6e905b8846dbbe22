export type { PrometheusPoint, PrometheusSeries } from './prometheus/answer.ts';
export {
  type InstantQueryOptions,
  type Prometheus,
  prometheus,
  type PrometheusOptions,
  type RangeQueryOptions,
} from './prometheus/prometheus.ts';
