export { assess, type BackupPolicy } from './assess.ts';
export { type Copies, copiesOf, type Unsure } from './copies.ts';
export {
  type Backup,
  type BackupService,
  type BackupSnapshot,
  type Flavor,
  type Image,
  observe,
  type ObserveBackupOptions,
  type Server,
  type Volume,
  type VolumeSnapshot,
} from './observe.ts';
