import { parseArguments, signalOptions } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import type { FenceProof } from '../fencing/fence-proof.ts';
import { isFenceProof, isFresh } from '../fencing/fencer.ts';
import { EvacuationError } from '../instances/evacuation-error.ts';
import { mayRunElsewhere } from '../instances/may-run-elsewhere.ts';

/**
 * Notifies Masakari that a host has failed, so that Masakari's engine evacuates it. `host_status: NORMAL` tells
 * Masakari that the host is certainly off; a proof of that, not older than a minute, is therefore required.
 *
 * Masakari evacuates everything that Nova has on the host, and resets what is in the middle of a migration first (masakari
 * `host_failure.py`): a server that may be running on another host needs the proof of that one, too.
 *
 * @param proofs - the proof of the host first
 * @returns the notification's id
 * @throws EvacuationError without such proofs; HttpError 400 of a host in no segment, 409 of one in maintenance
 */
export async function notifyMasakari(
  cloud: Cloud,
  proofs: FenceProof | readonly [FenceProof, ...FenceProof[]],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  parseArguments('notifyMasakari', signalOptions, options);
  const { signal } = options;
  const now = cloud.clock.now();
  const all: readonly FenceProof[] = 'host' in proofs ? [proofs] : proofs;
  const [proof] = all;
  const stale = all.find(
    (candidate) => !isFenceProof(candidate) || !isFresh(candidate, candidate.host, now, '60s'),
  );
  if (proof === undefined || stale !== undefined)
    throw new EvacuationError(
      'evacuation-without-proof',
      `no fresh proof that ${stale?.host ?? 'it'} is off`,
      {
        server: '',
        remedy: 'Ask the fencer again: confirmOff.',
      },
    );
  const off = new Set(all.map(({ host }) => host));
  const elsewhere = await mayRunElsewhere(cloud, proof.host, signal, off);
  if (elsewhere !== undefined)
    throw new EvacuationError('evacuation-without-proof', `Masakari would evacuate ${elsewhere}`, {
      server: '',
      remedy: 'Prove that this host is off, too, or recover the others one by one: evacuate.',
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
