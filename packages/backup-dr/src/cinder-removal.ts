import { type Cloud, unlessGone, type WaitOptions } from '@groundcrew/core';
import { GROUP_SNAPSHOTS } from './volume-bytes/consistent-group.ts';
import { patienceFor } from './volume-bytes/patience.ts';

// Cinder answers 400 to whoever deletes what it is making or copying, what it is deleting already, and what is attached
// (cinder/volume/api.py and cinder/backup/api.py, `delete`). So each is waited for first, one that an earlier attempt has begun to
// delete is not deleted again, and one that is gone is none the less removed.

interface Calling {
  readonly signal?: AbortSignal | undefined;
}

export interface RemovalOptions extends Calling {
  /** GiB, of which more take longer to copy. @default it is asked for */
  readonly size?: number | undefined;
}

export const snapshotGone = (
  { blockStorage: { snapshots } }: Cloud,
  id: string,
  options: RemovalOptions = {},
): Promise<void> =>
  gone(snapshots, id, { states: IDLE, patience: patienceWith(snapshots, id, options), ...options });

/** A snapshot of a group, with those of its volumes, which go with it and not alone. */
export const groupSnapshotGone = (
  { blockStorage }: Cloud,
  id: string,
  { signal }: Calling = {},
): Promise<void> =>
  gone(blockStorage.at(GROUP_SNAPSHOTS).groupSnapshots, id, {
    states: IDLE,
    patience: async () => patienceFor(0),
    signal,
  });

/** A backup takes as long as its bytes take on their way, which nobody knows. */
export const backupGone = (
  { blockStorage: { backups } }: Cloud,
  id: string,
  { signal }: Calling = {},
): Promise<void> => gone(backups, id, { states: IDLE, patience: async () => '20d', signal });

/** One that is attached is not waited for: nobody may ever take it off, and Cinder's refusal says so. */
export const volumeGone = (
  { blockStorage: { volumes } }: Cloud,
  id: string,
  options: RemovalOptions = {},
): Promise<void> =>
  gone(volumes, id, { states: SETTLED, patience: patienceWith(volumes, id, options), ...options });

/**
 * A temporary volume, with its attachments: what attaches one is a host of ours, never a server. A process that was killed may have asked
 * for an attachment of what was still being copied: it is there, or will not come any more, once the volume is settled.
 */
export async function temporaryVolumeGone(
  cloud: Cloud,
  id: string,
  { signal, ...options }: RemovalOptions = {},
): Promise<void> {
  const { volumes, attachments } = cloud.blockStorage;
  await unlessGone(async () => {
    const patience = await patienceWith(volumes, id, { signal, ...options })();
    await volumes.waitFor(id, SETTLED, { signal, failure: [], patience });
    for (const attachment of await Array.fromAsync(attachments.listBrief({ volume_id: id }, { signal })))
      await attachments.delete({ id: attachment.id }, { signal, missingOk: true });
    await gone(volumes, id, { states: IDLE, patience: async () => patience, signal });
  });
}

/** States that nothing but a request changes, and `deleting`, which ends by itself. */
const IDLE = ['available', 'error', 'error_deleting', 'deleting'] as const;
const SETTLED = [...IDLE, 'reserved', 'attaching', 'in-use'] as const;

type Patience = WaitOptions['patience'];

/** What volumes, snapshots and backups have in common. */
interface Removable<State> {
  waitFor(id: string, states: readonly State[], options: WaitOptions): Promise<{ readonly status: string }>;
  delete(thing: { readonly id: string }, options: Calling & { readonly missingOk: true }): Promise<unknown>;
  waitGone(id: string, options: WaitOptions): Promise<void>;
}

interface Sized {
  get(thing: { readonly id: string }, options: Calling): Promise<{ readonly size: number }>;
}

/** How long it may take until something of its size is in a state that lasts. */
const patienceWith =
  (things: Sized, id: string, { size, signal }: RemovalOptions) =>
  async (): Promise<Patience> =>
    patienceFor(size ?? (await things.get({ id }, { signal })).size);

interface Going<State> extends Calling {
  readonly states: readonly State[];
  /** How long it may take to be in one of them. */
  readonly patience: () => Promise<Patience>;
}

/** Deletes one once it is in one of these states, and waits until it is gone. */
async function gone<State extends string>(
  things: Removable<NoInfer<State>>,
  id: string,
  { states, patience, signal }: Going<State>,
): Promise<void> {
  await unlessGone(async () => {
    const waiting = { signal, failure: [], patience: await patience() };
    const { status } = await things.waitFor(id, states, waiting);
    if (status !== 'deleting') await things.delete({ id }, { signal, missingOk: true });
    await things.waitGone(id, { signal });
  });
}
