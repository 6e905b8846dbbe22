import type { Cloud } from '@groundcrew/core';
import { unlessGone } from './unless-gone.ts';
import { patienceFor } from './volume-bytes/patience.ts';

// Cinder answers 400 to whoever deletes what it is making or copying, what it is deleting already, and what is attached
// (cinder/volume/api.py and cinder/backup/api.py, `delete`). So each is waited for first, one that an earlier attempt has begun to
// delete is not deleted again, and one that is gone is none the less removed.

export interface RemovalOptions {
  readonly signal?: AbortSignal | undefined;
  /** GiB of what may still be copied. @default 0 */
  readonly size?: number | undefined;
}

export async function snapshotGone(
  { blockStorage: { snapshots } }: Cloud,
  id: string,
  { signal, size = 0 }: RemovalOptions = {},
): Promise<void> {
  await unlessGone(async () => {
    const { status } = await snapshots.waitFor(id, IDLE, {
      signal,
      failure: [],
      patience: patienceFor(size),
    });
    if (status !== 'deleting') await snapshots.delete({ id }, { signal, missingOk: true });
    await snapshots.waitGone(id, { signal });
  });
}

/** A backup takes as long as its bytes take on their way, which nobody knows. */
export async function backupGone(
  { blockStorage: { backups } }: Cloud,
  id: string,
  { signal }: Pick<RemovalOptions, 'signal'> = {},
): Promise<void> {
  await unlessGone(async () => {
    const { status } = await backups.waitFor(id, IDLE, { signal, failure: [], patience: '20d' });
    if (status !== 'deleting') await backups.delete({ id }, { signal, missingOk: true });
    await backups.waitGone(id, { signal });
  });
}

/** One that is attached is not waited for: nobody may ever take it off, and Cinder's refusal says so. */
export async function volumeGone(
  { blockStorage: { volumes } }: Cloud,
  id: string,
  { signal, size = 0 }: RemovalOptions = {},
): Promise<void> {
  await unlessGone(async () => {
    const waiting = { signal, failure: [], patience: patienceFor(size) };
    const { status } = await volumes.waitFor(id, [...IDLE, ...ATTACHED], waiting);
    if (status !== 'deleting') await volumes.delete({ id }, { signal, missingOk: true });
    await volumes.waitGone(id, { signal });
  });
}

/**
 * A temporary volume, with its attachments: what attaches one is a host of ours, never a server.
 */
export async function temporaryVolumeGone(
  cloud: Cloud,
  id: string,
  { signal, size = 0 }: RemovalOptions = {},
): Promise<void> {
  const { volumes, attachments } = cloud.blockStorage;
  await unlessGone(async () => {
    const waiting = { signal, failure: [], patience: patienceFor(size) };
    const { status } = await volumes.waitFor(id, [...IDLE, ...ATTACHED], waiting);
    if (isAttached(status)) {
      for (const attachment of await Array.fromAsync(attachments.listBrief({ volume_id: id }, { signal })))
        await attachments.delete({ id: attachment.id }, { signal, missingOk: true });
      await volumes.waitFor(id, IDLE, waiting);
    }
    await volumeGone(cloud, id, { signal, size });
  });
}

/** States that nothing but a request changes, and `deleting`, which ends by itself. */
const IDLE = ['available', 'error', 'error_deleting', 'deleting'] as const;
const ATTACHED = ['reserved', 'attaching', 'in-use'] as const;
const isAttached = (status: string): boolean => ATTACHED.some((one) => one === status);
