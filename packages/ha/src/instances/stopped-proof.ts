import { aDuration, aSignal, type Duration, optionsSchema } from '@groundcrew/ground';
import { checkedOptions, inSeconds } from '../option-parts.ts';
import type { Cloud } from '@groundcrew/core';
import { type Proof, prover } from '@groundcrew/runbook';
import type { FenceProof } from '../fencing/fence-proof.ts';
import { isFenceProof, isFresh } from '../fencing/fencer.ts';
import { EvacuationError } from './evacuation-error.ts';
import { movesOf } from './moves.ts';
import { showServer, type ShownServer } from './shown-server.ts';
import { whereabouts } from './whereabouts.ts';

/** The proof that no copy of a server runs. */
export interface StoppedFacts {
  readonly server: string;
  /** The host that Nova has it on. */
  readonly from: string;
  /** Every host that may have run it, each proven to be off. */
  readonly hosts: readonly string[];
}

/**
 * A proof that no copy of a server runs: each machine that may run it is off. Only `proveStopped` makes one; without it
 * neither an evacuation nor a reset of the server's state compiles.
 */
export type StoppedProof = Proof<'StoppedProof', StoppedFacts>;

const mint = prover<'StoppedProof', StoppedFacts>();

export interface ProveStoppedOptions {
  /** The greatest age of each proof. */
  readonly maxAge: Duration;
  readonly signal?: AbortSignal | undefined;
}

const stoppedOptions = optionsSchema<ProveStoppedOptions>({
  maxAge: aDuration,
  signal: aSignal.optional(),
});

/**
 * Reads where the guest of a server may be running, and demands a proof of off for every one of those hosts.
 *
 * @throws EvacuationError `evacuation-without-proof` that names the host which no proof covers; `evacuation-not-known-where`
 *   if Nova does not tell all of them; `evacuation-gone`
 */
export async function proveStopped(
  cloud: Cloud,
  server: string,
  proofs: readonly FenceProof[],
  options: ProveStoppedOptions,
): Promise<{ readonly proof: StoppedProof; readonly shown: ShownServer }> {
  const { maxAge, signal } = checkedOptions('proveStopped', stoppedOptions, options);
  // In this order: a move that begins after the first reading is in the second.
  const shown = await showServer(cloud, server, signal);
  const moves = await movesOf(cloud, server, signal);
  const { hosts, unknown } = whereabouts({
    host: shown.host,
    state: shown.state ?? 'unknown',
    task: shown.task,
    moves,
  });
  const [from] = hosts;
  if (unknown !== undefined || from === undefined)
    throw new EvacuationError(
      'evacuation-not-known-where',
      `server ${server}: ${unknown ?? 'it has no host'}`,
      {
        server,
        remedy: 'Find where its guest is (virsh list on the hosts in question), then reset its state.',
      },
    );
  const now = cloud.clock.now();
  for (const host of hosts)
    if (!proofs.some((proof) => isFenceProof(proof) && isFresh(proof, host, now, maxAge)))
      throw new EvacuationError(
        'evacuation-without-proof',
        `server ${server}: no proof, not older than ${inSeconds(maxAge)}, that ${host} is off${host === shown.host ? '' : ', where its guest may be running'}`,
        { server, host, remedy: 'Ask the fencer again: confirmOff.' },
      );
  return { proof: mint.prove({ server, from, hosts: Object.freeze([...hosts]) }), shown };
}
