import { type Cloud, isNotFound } from '@groundcrew/core';
import { patienceFor } from './patience.ts';

interface Removal {
  readonly signal?: AbortSignal | undefined;
  /** GiB of what may still be copied. @default 0 */
  readonly size?: number | undefined;
}

/**
 * Takes a temporary snapshot away, once Cinder has made it: one that is `creating` it refuses to delete. One that is gone is none the
 * less taken away.
 */
export async function removeSnapshot(cloud: Cloud, id: string, { signal }: Removal = {}): Promise<void> {
  const { snapshots } = cloud.blockStorage;
  await unlessGone(async () => {
    const { status } = await snapshots.waitFor(id, IDLE, { signal, failure: [] });
    if (status !== 'deleting') await snapshots.delete({ id }, { signal, missingOk: true });
    await snapshots.waitGone(id, { signal });
  });
}

/**
 * Takes a temporary volume away, with its attachments: Cinder refuses to delete what it is making or copying, or what is attached. What
 * attaches a temporary volume is a host of ours, never a server.
 */
export async function removeVolume(
  cloud: Cloud,
  id: string,
  { signal, size = 0 }: Removal = {},
): Promise<void> {
  const { volumes, attachments } = cloud.blockStorage;
  await unlessGone(async () => {
    const waiting = { signal, failure: [], patience: patienceFor(size) };
    let { status } = await volumes.waitFor(id, [...IDLE, ...ATTACHED], waiting);
    if (isAttached(status)) {
      for (const attachment of await Array.fromAsync(attachments.listBrief({ volume_id: id }, { signal })))
        await attachments.delete({ id: attachment.id }, { signal, missingOk: true });
      ({ status } = await volumes.waitFor(id, IDLE, waiting));
    }
    if (status !== 'deleting') await volumes.delete({ id }, { signal, missingOk: true });
    await volumes.waitGone(id, { signal });
  });
}

/** States that nothing but a request changes, and `deleting`, which ends by itself (cinder/volume/api.py, `delete`). */
const IDLE = ['available', 'error', 'error_deleting', 'deleting'] as const;
const ATTACHED = ['reserved', 'attaching', 'in-use'] as const;
const isAttached = (status: string): boolean => ATTACHED.some((one) => one === status);

async function unlessGone(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
