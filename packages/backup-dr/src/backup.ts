export { backUpTenant } from './backup/actions.ts';
export { backupImplementations, type BackupImplementationsOptions } from './backup/backup-implementations.ts';
export { type BackupRefusalCode, planBackup, type PlanBackupOptions } from './backup/plan-backup.ts';
export { type BackupPolicy, protect, type ProtectOptions } from './backup/protect.ts';
export { tenantPointOf } from './backup/tenant-point-of.ts';
