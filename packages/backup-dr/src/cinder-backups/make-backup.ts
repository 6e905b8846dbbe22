import type { Cloud } from '@groundcrew/core';
import type { Backup } from '@groundcrew/core/block-storage';
import { visible } from '@groundcrew/ground';
import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import { backupGone } from '../cinder-removal.ts';
import { markOf } from '../restore/mark.ts';
import { backUpVolume } from './actions.ts';
import { dataTime } from './backup-chain.ts';
import { CinderBackupError } from './cinder-backup-error.ts';

/**
 * Makes the backup of a step. Its description says which step it is of, in every release and in its record, so that a step that was
 * interrupted waits for the backup that it began, and begins no second one. One that failed is deleted: Cinder would build on it.
 */
export function makeBackup(cloud: Cloud): Implementation {
  const { backups, volumes } = cloud.blockStorage;
  const begun = async (volume: string, context: StepContext): Promise<Backup | undefined> => {
    const mark = markOf(context);
    for await (const backup of backups.list({ volume_id: volume }, { signal: context.signal }))
      if (backup.description === mark && !LOST.has(backup.status)) return backup;
    return undefined;
  };
  return implement(backUpVolume, {
    async precondition({ volume }, { signal }) {
      const { status } = await volumes.get({ id: volume.id }, { signal });
      if (status === 'available' || status === 'in-use' || status === 'backing-up') return undefined;
      return {
        code: 'cinder-backup.volume-state',
        reason: `volume ${visible(volume.name === '' ? volume.id : volume.name)} is ${status}`,
        remedy: 'Plan again when it is available or in use.',
      };
    },
    async done({ volume }, context) {
      const found = await begun(volume.id, context);
      return found?.status === 'available' ? outputOf(found) : undefined;
    },
    async perform({ volume, incremental, container }, context) {
      const { signal } = context;
      const found = context.attempt > 1 ? await begun(volume.id, context) : undefined;
      const id =
        found?.id ??
        (
          await backups.create(
            {
              volume_id: volume.id,
              incremental,
              // A volume that is attached after it was planned is backed up as well.
              force: true,
              name: `backup of ${volume.id}`,
              description: markOf(context),
              ...(container === null ? {} : { container }),
            },
            { signal },
          )
        ).id;
      context.progress(`backup ${id}`);
      const ended = await backups.waitFor(id, ['available', 'error'], {
        signal,
        failure: ['error_deleting'],
        patience: '20d',
      });
      if (ended.status === 'available') return outputOf(ended);
      await backupGone(cloud, id, { signal });
      throw new CinderBackupError(
        'cinder-backup.failed',
        `backup ${id} of volume ${volume.id} failed: ${visible(ended.fail_reason ?? 'Cinder does not say why')}`,
        { remedy: 'Look into the log of cinder-backup.' },
      );
    },
    async compensate({ volume }, output, context) {
      const id = output?.backup ?? (await begun(volume.id, context))?.id;
      if (id !== undefined) await backupGone(cloud, id, { signal: context.signal });
    },
  });
}

/** What comes to nothing any more. */
const LOST: ReadonlySet<string> = new Set(['error', 'error_deleting', 'deleting']);

const outputOf = (backup: Backup) => ({
  backup: backup.id,
  incremental: backup.is_incremental,
  at: new Date(dataTime(backup)).toISOString(),
});
