export { type CollectedBy, type CollectorGroup } from './metrics/chosen.ts';
export { collectMetrics, type CollectMetricsOptions } from './metrics/collect.ts';
export {
  collector,
  type Collector,
  type CollectorDeclaration,
  type DrawContext,
  type DrawnSample,
  type ElementOf,
  type KeptLists,
  type LabelValue,
  type MetricRule,
  type MetricSource,
} from './metrics/collector.ts';
export { type CollectorName, metricCollectors } from './metrics/collectors/all.ts';
export { type MetricLists, metricLists } from './metrics/lists/all.ts';
export type { ProjectName } from './metrics/lists/identity.ts';
export {
  type Metric,
  metric,
  type MetricDeclaration,
  type MetricKind,
  type MetricPeer,
  type MetricSample,
} from './metrics/metric.ts';
export type { Detail, ListDoubt, MetricDetails, MetricList, OwnList } from './metrics/metric-list.ts';
export { type CallPlan, planCalls, type PlanCallsOptions, type PlannedList } from './metrics/plan.ts';
export type { CollectorReport, MetricFamily, MetricsRound } from './metrics/round.ts';
