import type { Cloud } from '@groundcrew/core';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Implementation } from '@groundcrew/runbook';
import type { BackupRepository } from '../repository/repository.ts';
import { importBackup } from './import-backup.ts';
import { makeBackup } from './make-backup.ts';
import { removeBackup } from './remove-backup.ts';
import { restoreVolume } from './restore-volume.ts';
import { storeRecords } from './store-records.ts';

export interface CinderBackupImplementationsOptions {
  /** A client in the scope of the project; an administrator's, where records are exported or imported. */
  readonly cloud: Cloud;
  /** Where records are stored. Without one a plan with records is refused as one that nothing can carry out. @default none */
  readonly repository?: BackupRepository | undefined;
}

const implementationsOptions = optionsSchema<CinderBackupImplementationsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
  repository: anObjectWith<BackupRepository>(
    'a repository, as openRepository opens it',
    'write',
    'points',
  ).optional(),
});

/**
 * Implementations of the actions of `planCinderBackups`, `planCinderRetention`, `planRecordImport` and `planCinderRestore`. Killed at
 * any moment, the same run on the same journal goes on with the backups and volumes that it began.
 *
 * @throws InputError naming the field
 * @example
 * const implementations = cinderBackupImplementations({ cloud, repository });
 * const { outcome } = run(plan, { approved, implementations, journal: fileJournal('cinder.journal') });
 */
export function cinderBackupImplementations(options: CinderBackupImplementationsOptions): Implementation[] {
  parseArguments('cinderBackupImplementations', implementationsOptions, options);
  const { cloud, repository } = options;
  return [
    makeBackup(cloud),
    removeBackup(cloud),
    importBackup(cloud),
    restoreVolume(cloud),
    ...(repository === undefined ? [] : [storeRecords(cloud, repository)]),
  ];
}
