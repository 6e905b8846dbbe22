export {
  backUpVolume,
  deleteBackup,
  importRecord,
  keepRecords,
  restoreBackup,
} from './cinder-backups/actions.ts';
export { type BackupChain, chainsIn } from './cinder-backups/backup-chain.ts';
export { backupRecordsOf, type CinderBackupRecord } from './cinder-backups/backup-records.ts';
export { CinderBackupError } from './cinder-backups/cinder-backup-error.ts';
export {
  cinderBackupImplementations,
  type CinderBackupImplementationsOptions,
} from './cinder-backups/cinder-backup-implementations.ts';
export {
  type CinderBackupPolicy,
  type CinderBackupRefusalCode,
  planCinderBackups,
  type PlanCinderBackupsOptions,
} from './cinder-backups/plan-cinder-backups.ts';
export {
  type BackupToRestore,
  type CinderRestoreRefusalCode,
  planCinderRestore,
  type PlanCinderRestoreOptions,
} from './cinder-backups/plan-cinder-restore.ts';
export {
  type CinderRetentionRefusalCode,
  planCinderRetention,
  type PlanCinderRetentionOptions,
} from './cinder-backups/plan-cinder-retention.ts';
export {
  planRecordImport,
  type PlanRecordImportOptions,
  type RecordImportRefusalCode,
} from './cinder-backups/plan-record-import.ts';
