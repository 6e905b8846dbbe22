export { assess, type MonitoringPolicy } from './assess.ts';
export {
  type Inventory,
  type InventoryBackup,
  type InventoryFloatingIp,
  type InventoryImage,
  type InventoryPort,
  type InventoryServer,
  type InventorySnapshot,
  type InventoryVolume,
  readAll,
  readInventory,
  type ReadOptions,
  scopeOf,
  type Sight,
} from './inventory.ts';
export { type MeasurableKind, type Measured, observeMeasured } from './measured.ts';
export {
  type MonitoringSnapshot,
  observe,
  type ObserveMonitoringOptions,
  type StoragePool,
} from './observe.ts';
