import type { Cloud } from '@groundcrew/core';
import { anObjectWith, aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import { definePlan, planned, type Planned, type Refusal, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import { restoreBackup } from './actions.ts';
import { chainsIn } from './backup-chain.ts';

export type CinderRestoreRefusalCode =
  | 'cinder-backup.no-backup'
  | 'cinder-backup.backup-state'
  | 'cinder-backup.chain-broken';

export interface BackupToRestore {
  /** The id of the backup. */
  readonly backup: string;
  /** The name of the new volume. @default that of the backup */
  readonly name?: string | undefined;
  /** The type of the new volume. @default the cloud's own choice */
  readonly type?: string | undefined;
}

export interface PlanCinderRestoreOptions {
  /** A client in the scope of the project that has the backups, and gets the volumes. */
  readonly cloud: Cloud;
  readonly restore: readonly BackupToRestore[];
  readonly signal?: AbortSignal | undefined;
}

const restoreOptions = optionsSchema<PlanCinderRestoreOptions>({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
  restore: z
    .array(
      z.strictObject({
        backup: z.string().min(1),
        name: z.string().optional(),
        type: z.string().min(1).optional(),
      }),
    )
    .min(1),
  signal: aSignal.optional(),
});

/**
 * Plans new volumes from Cinder's own backups. Nothing is overwritten.
 *
 * @throws InputError naming the field; what Cinder answers
 * @example
 * const planned = await planCinderRestore({ cloud, restore: [{ backup: id, name: 'db as of Monday' }] });
 */
export async function planCinderRestore(
  options: PlanCinderRestoreOptions,
): Promise<Planned<CinderRestoreRefusalCode>> {
  parseArguments('planCinderRestore', restoreOptions, options);
  const { cloud, restore, signal } = options;
  const backups = await Array.fromAsync(cloud.blockStorage.backups.list({}, { signal }));
  const chains = chainsIn(backups);
  const refusals: Refusal<CinderRestoreRefusalCode>[] = [];
  const steps = [];
  for (const [at, { backup: id, name, type }] of restore.entries()) {
    const backup = backups.find((one) => one.id === id);
    const chain = chains.find((each) => each.backups.some((one) => one.id === id))?.backups;
    if (backup === undefined)
      refusals.push({
        code: 'cinder-backup.no-backup',
        reason: `the project has no backup ${id}`,
        remedy: 'Import its record first: planRecordImport.',
      });
    else if (backup.status !== 'available' || chain === undefined)
      refusals.push({
        code: 'cinder-backup.backup-state',
        reason: `backup ${id} is ${backup.status}`,
        remedy: 'Wait, or restore another one.',
      });
    else if (chain[0].is_incremental)
      refusals.push({
        code: 'cinder-backup.chain-broken',
        reason: `backup ${id} is incremental, and the full one that it builds on is not there`,
        remedy: 'Import its record first: planRecordImport.',
      });
    else
      steps.push(
        restoreBackup.step({
          id: `restore-${at + 1}`,
          input: { backup: id, name: name ?? backup.name ?? id, size: backup.size, type: type ?? null },
          onFailure: 'continue',
          // A chain can be read by one at a time: each of its backups is `restoring` meanwhile.
          group: 'backups',
          timeout: '20d',
        }),
      );
  }
  const [first, ...more] = refusals;
  if (first !== undefined) return refused(first, ...more);
  return planned(
    definePlan({
      id: 'cinder-restore',
      title: 'New volumes from Cinder’s backups',
      steps,
      concurrency: { total: 4, groups: { backups: 2 } },
    }),
  );
}
