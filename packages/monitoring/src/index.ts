export { assess, type MonitoringPolicy } from './assess.ts';
export type { Baseline } from './downtime/baseline.ts';
export {
  compareDrill,
  type DrillEntry,
  type DrillHistory,
  drillHistory,
  type DrillRecords,
  type Regression,
} from './downtime/drill-history.ts';
export { httpProbe, type HttpProbeOptions } from './downtime/http-probe.ts';
export {
  type Downtime,
  measureDowntime,
  type MeasureOptions,
  type Outage,
  type Span,
} from './downtime/measure.ts';
export { type Meter, type MeterOptions, startMeter } from './downtime/meter.ts';
export type { Probe, ProbeAnswer, Sample } from './downtime/sample.ts';
export {
  anInventory,
  type CloudInventory,
  inventoryParts,
  type InventoryBackup,
  type InventoryFloatingIp,
  type InventoryImage,
  type InventoryPort,
  type InventoryServer,
  type InventorySnapshot,
  type InventoryVolume,
  readInventory,
  type ReadInventoryOptions,
} from './inventory.ts';
export { type MeasurableKind, type Measured, type MeasuredOptions, observeMeasured } from './measured.ts';
export { type PoolRoom, roomOf } from './pool-capacity.ts';
export {
  type MonitoringSnapshot,
  observe,
  type ObserveMonitoringOptions,
  type StoragePool,
} from './observe.ts';
export { anUptimeTarget, type UptimeAgainstTarget, type UptimeTargetOptions } from './uptime-target.ts';
