import type { Cloud } from '@groundcrew/core';
import { anObjectWith, aSignal, counted, optionsSchema, parseArguments } from '@groundcrew/ground';
import { definePlan, planned, type Planned, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import { importRecord } from './actions.ts';
import type { CinderBackupRecord } from './backup-records.ts';

export type RecordImportRefusalCode =
  | 'cinder-backup.parent-missing'
  | 'cinder-backup.circle'
  | 'cinder-backup.no-record'
  | 'cinder-backup.nothing-to-import';

export interface PlanRecordImportOptions {
  /** An administrator's client in the scope of the project that is to have the backups. */
  readonly cloud: Cloud;
  /** Ids of backups; those that they build on come with them. @default all of the records */
  readonly only?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const importOptions = optionsSchema<PlanRecordImportOptions>({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
  only: z.array(z.string().min(1)).optional(),
  signal: aSignal.optional(),
});

/**
 * Plans to make backups known to a Cinder that has no record of them: the database was lost, or it is another cloud's, whose backup
 * driver is the same and sees the same storage. Each comes after the one that it builds on. What is known already is left out.
 *
 * @throws InputError naming the field; what Cinder answers
 * @example
 * const point = await repo.latest({ kind: 'cinder-records', project: 'shop' });
 * const planned = await planRecordImport(backupRecordsOf(point), { cloud: elsewhere });
 */
export async function planRecordImport(
  records: readonly CinderBackupRecord[],
  options: PlanRecordImportOptions,
): Promise<Planned<RecordImportRefusalCode>> {
  parseArguments('planRecordImport', importOptions, options);
  const { cloud, only, signal } = options;
  // Of all projects: an id is taken in all of them. Who is no administrator is shown his own, and may import none.
  const there = cloud.blockStorage.backups.list({ all_tenants: true }, { signal });
  const known = new Set((await Array.fromAsync(there)).map(({ id }) => id));
  const byId = new Map(records.map((record) => [record.backup, record]));
  const ordered = new Map<string, CinderBackupRecord>();
  for (const wanted of only ?? byId.keys()) {
    const chain: CinderBackupRecord[] = [];
    for (let id: string | null = wanted; id !== null && !known.has(id) && !ordered.has(id);) {
      const record = byId.get(id);
      if (record === undefined) {
        const child = chain.at(-1);
        return refused(
          child === undefined
            ? {
                code: 'cinder-backup.no-record',
                reason: `there is no record of backup ${id}`,
                remedy: undefined,
              }
            : {
                code: 'cinder-backup.parent-missing',
                reason: `backup ${child.backup} builds on ${id}, of which there is neither a record nor a backup`,
                remedy: 'Take the records of another point, or leave it out (only).',
              },
        );
      }
      if (chain.includes(record))
        return refused({
          code: 'cinder-backup.circle',
          reason: `backup ${id} builds on itself: its records were not written by Cinder`,
          remedy: 'Take the records of another point.',
        });
      chain.push(record);
      id = record.parent;
    }
    for (const record of chain.toReversed()) ordered.set(record.backup, record);
  }
  if (ordered.size === 0)
    return refused({
      code: 'cinder-backup.nothing-to-import',
      reason: records.length === 0 ? 'there are no records' : 'all of these backups are known',
      remedy: undefined,
    });
  return planned(
    definePlan({
      id: 'import-backup-records',
      title: `Make ${counted(ordered.size, 'backup')} known`,
      steps: [...ordered.values()].map((record) =>
        importRecord.step({
          id: `import-${record.backup}`,
          input: {
            backup: record.backup,
            of: record.volume_name ?? record.volume,
            service: record.backup_service,
            url: record.backup_url,
          },
          needs: record.parent !== null && ordered.has(record.parent) ? [`import-${record.parent}`] : [],
          onFailure: 'continue',
          group: 'backups',
        }),
      ),
      concurrency: { total: 4, groups: { backups: 4 } },
    }),
  );
}
