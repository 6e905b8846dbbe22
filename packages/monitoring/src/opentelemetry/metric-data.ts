import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type GaugeMetricData,
  type SumMetricData,
} from '@opentelemetry/sdk-metrics';
import type { ExposedFamily } from '../exporter/exposed-families.ts';
import { labelValue } from '../exporter/label-text.ts';
import { ucum } from './ucum.ts';

/** When figures were read: milliseconds since 1970. */
export interface ReadTimes {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * A family as OpenTelemetry has it: a gauge, or a sum that only grows. The name stays, so that what arrives in Prometheus by
 * way of OpenTelemetry is called as what the exporter shows; the labels are attributes.
 *
 * @param times - of a sum, `startMs` is when it was 0; `undefined` is a time that nobody told
 */
export function metricData(
  family: ExposedFamily,
  { startMs, endMs }: { readonly startMs: number | undefined; readonly endMs: number },
): GaugeMetricData | SumMetricData {
  const { metric, values } = family;
  const startTime = startMs === undefined ? UNKNOWN : hrTime(startMs);
  const endTime = hrTime(endMs);
  const shared = {
    descriptor: {
      name: metric.name,
      description: metric.help,
      unit: ucum(metric.unit),
      // Whether all values of a metric are whole is not declared.
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: values.map((value, index) => ({
      startTime,
      endTime,
      attributes: attributesOf(family, index),
      value,
    })),
  };
  return metric.kind === 'counter'
    ? { ...shared, dataPointType: DataPointType.SUM, isMonotonic: true }
    : { ...shared, dataPointType: DataPointType.GAUGE };
}

/** By OTLP's definition 0 is a start that is not known. */
const UNKNOWN: HrTime = [0, 0];

const hrTime = (ms: number): HrTime => [Math.trunc(ms / 1000), Math.round((ms % 1000) * 1e6)];

function attributesOf({ metric, labels }: ExposedFamily, index: number): Attributes {
  const own = labels[index] ?? [];
  return Object.fromEntries(metric.labels.map((label, at) => [label, labelValue(own[at] ?? '')]));
}
