import type { Cloud, WaitOptions } from '@groundcrew/core';
import { unlessGone } from './unless-gone.ts';
import { patienceFor } from './volume-bytes/patience.ts';

// Cinder answers 400 to whoever deletes what it is making or copying, what it is deleting already, and what is attached
// (cinder/volume/api.py and cinder/backup/api.py, `delete`). So each is waited for first, one that an earlier attempt has begun to
// delete is not deleted again, and one that is gone is none the less removed.

export interface RemovalOptions {
  readonly signal?: AbortSignal | undefined;
}

export const snapshotGone = (
  { blockStorage: { snapshots } }: Cloud,
  id: string,
  options: RemovalOptions = {},
): Promise<void> => gone(snapshots, id, { ...options, states: IDLE, patience: patienceFor });

/** A backup takes as long as its bytes take on their way, which nobody knows. */
export const backupGone = (
  { blockStorage: { backups } }: Cloud,
  id: string,
  options: RemovalOptions = {},
): Promise<void> => gone(backups, id, { ...options, states: IDLE, patience: () => '20d' });

/** One that is attached is not waited for: nobody may ever take it off, and Cinder's refusal says so. */
export const volumeGone = (
  { blockStorage: { volumes } }: Cloud,
  id: string,
  options: RemovalOptions = {},
): Promise<void> => gone(volumes, id, { ...options, states: [...IDLE, ...ATTACHED], patience: patienceFor });

/** A temporary volume, with its attachments: what attaches one is a host of ours, never a server. */
export async function temporaryVolumeGone(
  cloud: Cloud,
  id: string,
  { signal }: RemovalOptions = {},
): Promise<void> {
  const { volumes, attachments } = cloud.blockStorage;
  for (const attachment of await Array.fromAsync(attachments.listBrief({ volume_id: id }, { signal })))
    await attachments.delete({ id: attachment.id }, { signal, missingOk: true });
  await gone(volumes, id, { states: IDLE, patience: patienceFor, signal });
}

/** States that nothing but a request changes, and `deleting`, which ends by itself. */
const IDLE = ['available', 'error', 'error_deleting', 'deleting'] as const;
const ATTACHED = ['reserved', 'attaching', 'in-use'] as const;

interface Calling {
  readonly signal: AbortSignal | undefined;
}

/** What volumes, snapshots and backups have in common. */
interface Removable<State> {
  get(thing: { readonly id: string }, options: Calling): Promise<{ readonly size: number }>;
  waitFor(id: string, states: readonly State[], options: WaitOptions): Promise<{ readonly status: string }>;
  delete(thing: { readonly id: string }, options: Calling & { readonly missingOk: true }): Promise<unknown>;
  waitGone(id: string, options: WaitOptions): Promise<void>;
}

interface Going<State> {
  readonly states: readonly State[];
  /** How long it may take to be in one of them, by its GiB. */
  readonly patience: (size: number) => WaitOptions['patience'];
  readonly signal?: AbortSignal | undefined;
}

/** Deletes one once it is in one of these states, and waits until it is gone. */
async function gone<State extends string>(
  things: Removable<NoInfer<State>>,
  id: string,
  { states, patience, signal }: Going<State>,
): Promise<void> {
  await unlessGone(async () => {
    const { size } = await things.get({ id }, { signal });
    const waiting = { signal, failure: [], patience: patience(size) };
    const { status } = await things.waitFor(id, states, waiting);
    if (status !== 'deleting') await things.delete({ id }, { signal, missingOk: true });
    await things.waitGone(id, { signal });
  });
}
