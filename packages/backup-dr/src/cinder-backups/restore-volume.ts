import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import { MARK_KEY, markOf } from '../restore/mark.ts';
import { volumeMaker } from '../restore/nova-makers.ts';
import { restoreBackup } from './actions.ts';
import { CinderBackupError } from './cinder-backup-error.ts';

/** The key of the metadata of a volume with the backup that it was restored from, once it was. */
const RESTORED_KEY = 'groundcrew_restored';

/**
 * Restores a backup into a volume that it makes. The volume has the step written on it, so that a step that was interrupted goes on
 * with it; one of which it is not told that it was restored is written again, from the beginning.
 */
export function restoreVolume(cloud: Cloud): Implementation {
  const { backups, volumes } = cloud.blockStorage;
  const begun = async (context: StepContext) => {
    const mark = markOf(context);
    for await (const volume of volumes.list({}, { signal: context.signal }))
      if (volume.metadata[MARK_KEY] === mark) return volume;
    return undefined;
  };
  return implement(restoreBackup, {
    async precondition({ backup }, { signal }) {
      const { status } = await backups.get({ id: backup }, { signal });
      // One that is restoring may be so for an earlier attempt of this very step.
      if (status === 'available' || status === 'restoring') return undefined;
      return {
        code: 'cinder-backup.backup-state',
        reason: `backup ${backup} is ${status}`,
        remedy: 'Restore another one.',
      };
    },
    async done({ backup }, context) {
      const found = await begun(context);
      return found?.metadata[RESTORED_KEY] === backup ? { volume: found.id } : undefined;
    },
    async perform({ backup, name, size, type }, context) {
      const { signal, attempt } = context;
      const wait = { signal, failure: [], patience: '20d' } as const;
      const found = attempt > 1 ? await begun(context) : undefined;
      const id =
        found?.id ??
        (
          await volumes.create(
            {
              name,
              size,
              metadata: { [MARK_KEY]: markOf(context) },
              ...(type === null ? {} : { volume_type: type }),
            },
            { signal },
          )
        ).id;
      const ready = await volumes.waitFor(id, ['available', 'error', 'error_restoring'], wait);
      if (ready.status === 'error')
        throw new CinderBackupError('cinder-backup.restore-failed', `volume ${id} could not be made`, {
          remedy: 'Look whether a back end has room for it, and of its type.',
        });
      await backups.waitFor(backup, 'available', { signal, patience: '20d' });
      await backups.restore({ id: backup, volume_id: id }, { signal });
      context.progress(`restoring into volume ${id}`);
      const ended = await volumes.waitFor(id, ['available', 'error_restoring', 'error'], wait);
      if (ended.status !== 'available')
        throw new CinderBackupError(
          'cinder-backup.restore-failed',
          `volume ${id} is ${ended.status}: backup ${backup} could not be read`,
          {
            remedy:
              'Are all backups that it builds on known here, and their bytes in the storage of the driver?',
          },
        );
      await cloud.blockStorage.volumeMetadata.merge(
        { volume_id: id, metadata: { [RESTORED_KEY]: backup } },
        { signal },
      );
      return { volume: id };
    },
    async compensate(_input, output, context) {
      const id = output?.volume ?? (await begun(context))?.id;
      if (id !== undefined) await volumeMaker.remove(cloud, id, context);
    },
  });
}
