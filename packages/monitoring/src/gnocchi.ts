export type { Alarm } from './aodh/alarm.ts';
export type { AlarmAction } from './aodh/alarm-action.ts';
export { type AlarmChange, alarmHistory, type AlarmHistoryOptions } from './aodh/alarm-history.ts';
export type { AlarmRule, AlarmThreshold, GnocchiAlarmThreshold } from './aodh/alarm-rule.ts';
export { alarms, type AlarmsOptions } from './aodh/alarms.ts';
export { assessAlarms } from './aodh/assess-alarms.ts';
export type { AggregatePoint, AggregateSeries } from './gnocchi/aggregate-series.ts';
export type { GnocchiAggregatesOptions } from './gnocchi/aggregates.ts';
export type { GnocchiAggregateSeries } from './gnocchi/aggregates-answer.ts';
export type { ArchivePolicy, ArchivePolicyResolution } from './gnocchi/archive-policy.ts';
export {
  type Gnocchi,
  gnocchiFor,
  type GnocchiResourcesOptions,
  type MeasuredResource,
} from './gnocchi/gnocchi.ts';
export type { GnocchiTimeOptions } from './gnocchi/gnocchi-answer.ts';
export type { GnocchiOperand, GnocchiOperation, ReaggregationMethod } from './gnocchi/gnocchi-operations.ts';
export type { GnocchiServer } from './gnocchi/gnocchi-server.ts';
export type { GnocchiMeasures, GnocchiMeasuresOptions } from './gnocchi/measures.ts';
export { perSecond } from './gnocchi/per-second.ts';
export { UnsupportedAggregationError } from './gnocchi/unsupported-aggregation.ts';
