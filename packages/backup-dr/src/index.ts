export { assess, type BackupPolicy } from './assess.ts';
export { type Copies, copiesOf, type Unsure } from './copies.ts';
export {
  type VolumeBackup,
  type BackupService,
  type BackupSnapshot,
  type ServerFlavor,
  type ServerImage,
  observe,
  type ObserveBackupOptions,
  type SourceServer,
  type SourceVolume,
  type VolumeSnapshot,
} from './observe.ts';
export type { InventoryReading } from './inventory-reading.ts';
