import { type Cloud, unlessGone } from '@groundcrew/core';
import type { Backup } from '@groundcrew/core/block-storage';
import { visible } from '@groundcrew/ground';
import { implement, type Implementation } from '@groundcrew/runbook';
import { backupGone } from '../cinder-removal.ts';
import { importRecord } from './actions.ts';
import { CinderBackupError } from './cinder-backup-error.ts';

/**
 * Imports a record. Cinder accepts it at once, and finds out later whether it has a driver that can read the backup: it is waited for.
 * What an earlier attempt began has the id of the backup.
 */
export function importBackup(cloud: Cloud): Implementation {
  const { backups } = cloud.blockStorage;
  const shown = (id: string, signal: AbortSignal): Promise<Backup | undefined> =>
    unlessGone(() => backups.get({ id }, { signal }));
  return implement(importRecord, {
    async done({ backup }, { signal }) {
      return (await shown(backup, signal))?.status === 'available' ? { backup } : undefined;
    },
    async perform({ backup: id, service, url }, { attempt, signal }) {
      const before = attempt > 1 ? await shown(id, signal) : undefined;
      // A row that failed to be imported is in the way of the next attempt. It has no bytes that could be deleted with it.
      const isLost = before?.status === 'error' || before?.status === 'deleting';
      if (isLost) await backupGone(cloud, id, { signal });
      if (before === undefined || isLost)
        await backups.importRecord({ backup_service: service, backup_url: url }, { signal });
      const ended = await backups.waitFor(id, ['available', 'error'], { signal, failure: [] });
      if (ended.status === 'available') return { backup: id };
      const why = visible(ended.fail_reason ?? 'Cinder does not say why');
      await backupGone(cloud, id, { signal });
      throw new CinderBackupError('cinder-backup.import-failed', `backup ${id} was not imported: ${why}`, {
        remedy: `Its driver must be ${service}, on the same storage as where it was made.`,
      });
    },
  });
}
