import { type Cloud, unlessGone } from '@groundcrew/core';
import { implement, type Implementation } from '@groundcrew/runbook';
import { backupGone } from '../cinder-removal.ts';
import { deleteBackup } from './actions.ts';

/** Deletes a backup, which Cinder does with its bytes. One on which another builds by now stays. */
export function removeBackup(cloud: Cloud): Implementation {
  const { backups } = cloud.blockStorage;
  return implement(deleteBackup, {
    async precondition({ backup: id, of }, { signal }) {
      const backup = await unlessGone(() => backups.get({ id }, { signal }));
      if (backup === undefined) return undefined;
      if (backup.has_dependent_backups)
        return {
          code: 'cinder-backup.dependents',
          reason: `another backup builds on backup ${id}`,
          remedy: 'Plan anew.',
        };
      if (backup.volume_id !== of || !REMOVABLE.has(backup.status))
        return {
          code: 'cinder-backup.changed',
          reason: `backup ${id} is ${backup.status}, of volume ${backup.volume_id}`,
          remedy: 'Plan anew.',
        };
      return undefined;
    },
    async perform({ backup: id }, { signal }) {
      await backupGone(cloud, id, { signal });
      return { backup: id };
    },
  });
}

/** What Cinder deletes, and what an earlier attempt has begun to. */
const REMOVABLE: ReadonlySet<string> = new Set(['available', 'error', 'deleting']);
