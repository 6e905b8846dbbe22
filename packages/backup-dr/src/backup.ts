export { backUpTenant } from './backup/actions.ts';
export type { BackupHook, HookedServer } from './backup/backup-hook.ts';
export { BackupHookError } from './backup/backup-hook-error.ts';
export { backupImplementations, type BackupImplementationsOptions } from './backup/backup-implementations.ts';
export type { BackupSource } from './backup/backup-source.ts';
export { type BackupRefusalCode, planBackup, type PlanBackupOptions } from './backup/plan-backup.ts';
export {
  type BackupAttempt,
  dueBackups,
  type DueBackups,
  type DueBackupsOptions,
} from './backup/due-backups.ts';
export { type NextBackup, nextBackup, type NextBackupInputs } from './backup/next-backup.ts';
export { type BackupPolicy, protect, type ProtectOptions } from './backup/protect.ts';
export { tenantPointOf } from './backup/tenant-point-of.ts';
export {
  planRetention,
  type PlanRetentionOptions,
  type RetentionPolicy,
} from './retention/plan-retention.ts';
export { forgetPoint, sweepStreams } from './retention/retention-actions.ts';
export {
  retentionImplementations,
  type RetentionImplementationsOptions,
} from './retention/retention-implementations.ts';
export type { RetentionRefusalCode } from './retention/retention-refusals.ts';
export {
  pointsToKeep,
  type RetentionPoint,
  type RetentionReason,
  type RetentionRules,
} from './retention/retention-rules.ts';
export { type BackupController, backupController } from './schedule/backup-controller.ts';
export type { BackupControllerEvents, StoredPoint } from './schedule/controller-events.ts';
export type { BackupControllerOptions } from './schedule/controller-options.ts';
export type { HeldBack, ScheduleDecision } from './schedule/decide-schedule.ts';
export type { ScheduledRetentionRefusalCode } from './schedule/scheduled-retention.ts';
export type { ScheduledWork } from './schedule/schedule-memory.ts';
