import { type CallOptions, type Cloud, unlessGone } from '@groundcrew/core';
import type { Duration } from '@groundcrew/ground';
import { type Marked, type MarkedKind, type Owner, proveServer, proveVolume } from './marked.ts';

/** The options of the calls of a removal; each of its waits may take `patience`. */
export interface RemoveOptions extends CallOptions {
  readonly patience: Duration;
}

/**
 * Looks at a thing once more, deletes it if the proof still holds, and waits until it is gone.
 *
 * @returns `undefined` when it is gone, or the reason why it was not touched
 */
export async function removeProven(
  cloud: Cloud,
  { kind, id }: { readonly kind: MarkedKind; readonly id: string },
  owner: Owner,
  options: RemoveOptions,
): Promise<string | undefined> {
  const proof = await proofOf(cloud, { kind, id }, owner, options);
  if (proof === undefined || typeof proof === 'string') return proof;
  await (kind === 'server' ? deleteServer(cloud, proof, options) : deleteVolume(cloud, proof, options));
  return undefined;
}

/** States of a volume that do not change by themselves; in others (`creating`, `detaching`, …) Cinder refuses to delete it. */
const DELETABLE = [
  'available',
  'in-use',
  'deleting',
  'error',
  'error_deleting',
  'error_extending',
  'error_restoring',
] as const;

/** `undefined` if it is gone. */
async function proofOf(
  cloud: Cloud,
  { kind, id }: { readonly kind: MarkedKind; readonly id: string },
  owner: Owner,
  options: RemoveOptions,
): Promise<Marked | string | undefined> {
  const { patience: _patience, ...call } = options;
  const { volumes } = cloud.blockStorage;
  return unlessGone(async () =>
    kind === 'server'
      ? proveServer(await cloud.compute.servers.get({ id }, call), owner)
      : proveVolume(await volumes.waitFor(id, DELETABLE, { ...options, failure: [] }), owner),
  );
}

async function deleteServer({ compute }: Cloud, { id }: Marked, options: RemoveOptions): Promise<void> {
  const { patience: _patience, ...call } = options;
  await compute.servers.delete({ id }, { ...call, missingOk: true });
  await compute.servers.waitGone(id, options);
}

/** A volume that was left attached is taken off first: it is a probe's own, so that nobody's data are on it. */
async function deleteVolume(cloud: Cloud, volume: Marked, options: RemoveOptions): Promise<void> {
  const { volumes } = cloud.blockStorage;
  const { patience: _patience, ...call } = options;
  if (volume.attachedTo.length > 0) await detach(cloud, volume, options);
  if (!volume.deleting) await volumes.delete({ id: volume.id }, { ...call, missingOk: true });
  await volumes.waitGone(volume.id, options);
}

/** Takes a probe's volume off the servers that it is at. */
async function detach(
  { blockStorage, compute }: Cloud,
  { id, attachedTo }: Marked,
  options: RemoveOptions,
): Promise<void> {
  const { patience: _patience, ...call } = options;
  for (const server of attachedTo) {
    if (server === null)
      throw new Error('it is attached to a host, which only an administrator takes it off');
    await compute.volumeAttachments.delete(
      { server_id: server, volume_id: id },
      { ...call, missingOk: true },
    );
  }
  await blockStorage.volumes.waitFor(id, 'available', options);
}
