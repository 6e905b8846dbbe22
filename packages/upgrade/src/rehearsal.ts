export type { CopiedDatabase } from './rehearsal/copy-databases.ts';
export type { BlockedTable } from './rehearsal/lock-probe.ts';
export { RehearsalError } from './rehearsal/rehearsal-error.ts';
export type { RehearsalOptions } from './rehearsal/rehearsal-options.ts';
export { type MigrationRehearsal, rehearseMigrations } from './rehearsal/rehearse-migrations.ts';
export type { RehearsedMigration } from './rehearsal/rehearsed-migration.ts';
export type { RehearsedService } from './rehearsal/rehearsed-services.ts';
