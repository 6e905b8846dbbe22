import { createHash } from 'node:crypto';
import type { Cloud } from '@groundcrew/core';
import type { Backup } from '@groundcrew/core/block-storage';
import { messageOf } from '@groundcrew/ground';
import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import type { PointGap, RecoveryPoint } from '../repository/point.ts';
import type { BackupRepository } from '../repository/repository.ts';
import { keepRecords } from './actions.ts';
import { dataTime } from './backup-chain.ts';
import {
  backupRecordsOf,
  type CinderBackupRecord,
  parentIn,
  recordContents,
  RECORDS_KIND,
} from './backup-records.ts';

/**
 * Exports the record of every backup that the project has, and stores them as one point: a chain is of no use without all of its
 * records. A record that cannot be exported is a gap, and the point is then `partial`.
 */
export function storeRecords(cloud: Cloud, repository: BackupRepository): Implementation {
  return implement(keepRecords, {
    async done(_input, context) {
      const { points } = await repository.points({ signal: context.signal });
      const found = points.find(({ id }) => id === pointIdOf(context));
      return found === undefined ? undefined : outputOf(found);
    },
    async perform({ project }, context) {
      const { signal } = context;
      const { backups, volumes } = cloud.blockStorage;
      const names = new Map(
        (await Array.fromAsync(volumes.list({}, { signal }))).map(({ id, name }) => [id, name]),
      );
      const records: CinderBackupRecord[] = [];
      const gaps: PointGap[] = [];
      for await (const backup of backups.list({}, { signal })) {
        const what = `record of backup ${backup.id}`;
        if (backup.status !== 'available') {
          gaps.push({ what, why: `it is ${backup.status}` });
          continue;
        }
        try {
          records.push(await exported(cloud, backup, names.get(backup.volume_id) ?? null, signal));
        } catch (error) {
          signal.throwIfAborted();
          gaps.push({ what, why: messageOf(error) });
        }
      }
      const labels = { kind: RECORDS_KIND, project: project.name, 'project-id': project.id };
      const kept = await repository.write({ id: pointIdOf(context), labels, signal }, async () => ({
        completeness: gaps.length === 0 ? 'complete' : 'partial',
        gaps,
        contents: recordContents(records),
      }));
      return outputOf(kept);
    },
  });
}

async function exported(
  cloud: Cloud,
  backup: Backup,
  name: string | null,
  signal: AbortSignal,
): Promise<CinderBackupRecord> {
  const record = await cloud.blockStorage.backups.exportRecord({ id: backup.id }, { signal });
  const parent = parentIn(record.backup_url, backup.id);
  if (parent === undefined) throw new TypeError('it is not a record of this backup');
  return {
    backup: backup.id,
    volume: backup.volume_id,
    volume_name: name,
    size: backup.size,
    at: new Date(dataTime(backup)).toISOString(),
    parent,
    backup_service: record.backup_service,
    backup_url: record.backup_url,
  };
}

/** The same on every attempt of a step, and a name of files. */
const pointIdOf = ({ key }: StepContext): string =>
  `records-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;

const outputOf = (point: RecoveryPoint) => ({
  point: point.id,
  records: backupRecordsOf(point).length,
  gaps: point.gaps.length,
});
