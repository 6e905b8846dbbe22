import type { Cloud } from '@groundcrew/core';
import type { FenceProof } from '../fencing/fence-proof.ts';
import { isFenceProof, isFresh } from '../fencing/fencer.ts';
import { EvacuationError } from '../instances/evacuation-error.ts';

/**
 * Tells Masakari that a host has failed, for those who want its engine to evacuate. `host_status: NORMAL` is Masakari's
 * word for "it is off for certain", so that a proof of it, not older than a minute, is demanded here.
 *
 * @returns the notification's id
 * @throws EvacuationError without such a proof; HttpError 400 of a host in no segment, 409 of one in maintenance
 */
export async function notifyMasakari(
  cloud: Cloud,
  proof: FenceProof,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const now = cloud.clock.now();
  if (!isFenceProof(proof) || !isFresh(proof, proof.host, now, 60))
    throw new EvacuationError('evacuation-without-proof', `no fresh proof that ${proof.host} is off`, {
      server: '',
      remedy: 'Ask the fencer again: confirmOff.',
    });
  const { notification_uuid } = await cloud.instanceHa.notifications.create(
    {
      type: 'COMPUTE_HOST',
      hostname: proof.host,
      generated_time: new Date(now).toISOString().slice(0, 19),
      payload: { event: 'STOPPED', cluster_status: 'OFFLINE', host_status: 'NORMAL' },
    },
    { signal },
  );
  return notification_uuid;
}
