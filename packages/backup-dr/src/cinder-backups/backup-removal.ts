import { type Cloud, isNotFound } from '@groundcrew/core';

/** States that nothing but a request changes, and `deleting`, which ends by itself. */
const IDLE = ['available', 'error', 'error_deleting', 'deleting'] as const;

/**
 * Deletes a backup, and waits until it is gone. One that is being made is waited for, and one that an earlier attempt has begun to delete
 * is not deleted again: Cinder answers both with 400 (`delete` of cinder/backup/api.py).
 */
export async function backupGone(cloud: Cloud, id: string, signal: AbortSignal): Promise<void> {
  const { backups } = cloud.blockStorage;
  try {
    const { status } = await backups.waitFor(id, IDLE, { signal, failure: [], patience: '20d' });
    if (status !== 'deleting') await backups.delete({ id }, { signal, missingOk: true });
    await backups.waitGone(id, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
