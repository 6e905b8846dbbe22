import { z } from 'zod';
import { aDuration, aPositiveDuration, aSignal, type Duration, optionsSchema } from '@groundcrew/ground';
import { checkedOptions, inSeconds } from '../option-parts.ts';
import { type Cloud, isConflict, isHttpError, isServerError } from '@groundcrew/core';
import type { FenceProof } from '../fencing/fence-proof.ts';
import { NOVA } from './cloud-view.ts';
import { EvacuationError } from './evacuation-error.ts';
import { showServer, type ShownServer } from './shown-server.ts';
import { proveStopped, type StoppedProof } from './stopped-proof.ts';

export interface EvacuateOptions {
  /** Host to evacuate to. @default the scheduler's choice */
  readonly target?: string | undefined;
  /** Time limit of the whole evacuation. @default '5m' */
  readonly timeout?: Duration | undefined;
  /** The greatest age of each proof. @default '60s' */
  readonly maxProofAge?: Duration | undefined;
  /**
   * A state other than active, stopped and error, which Nova does not evacuate, that is first reset to `error`. What was in
   * the guest's memory is lost. @default none: Nova refuses such a server
   */
  readonly reset?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const evacuateOptions = optionsSchema<EvacuateOptions>({
  target: z.string().min(1).optional(),
  timeout: aPositiveDuration.optional(),
  maxProofAge: aDuration.optional(),
  reset: z.string().min(1).optional(),
  signal: aSignal.optional(),
});

/** The result of the evacuation of one server. */
export interface Evacuated {
  readonly server: string;
  readonly from: string;
  readonly to: string;
  /** `ACTIVE` or `SHUTOFF`: as it was before. */
  readonly status: string;
  /** UUID of Nova's migration record. */
  readonly migration: string;
}

/** Milliseconds between two looks at a migration. */
const LOOK = 500;
/** States of a migration record that are still going somewhere (nova `objects/migration.py`). */
const UNDER_WAY = new Set([
  'accepted',
  'queued',
  'preparing',
  'pre-migrating',
  'running',
  'migrating',
  'post-migrating',
]);
/** `done` until the source host is back and has cleaned up, then `completed`. */
export const ARRIVED = new Set(['done', 'completed', 'finished']);

/**
 * Evacuates one server of a host that is proven to be off, and follows Nova's migration record to its end. An
 * evacuation that is under way is followed, not started again. A target that Nova refuses (409, 500) is given up for
 * the scheduler's choice.
 *
 * The host that Nova names is not enough: a guest whose migration has not ended may run at either end of it, and Nova
 * would start it again. Every such host needs a proof; `proofs` has them all, that of the server's own host first.
 *
 * Nova refuses while it believes the host to be up: declare it down first (`forced_down`).
 *
 * @throws InputError on an option that there is not; EvacuationError, HttpError
 * @example
 * const source = await fence.off('compute-3');
 * await evacuate(cloud, server.id, source);
 * // It was on its way to compute-5 when both died.
 * await evacuate(cloud, other.id, [source, await fence.off('compute-5')]);
 */
export async function evacuate(
  cloud: Cloud,
  server: string,
  proofs: FenceProof | readonly [FenceProof, ...FenceProof[]],
  options: EvacuateOptions = {},
): Promise<Evacuated> {
  const {
    target,
    timeout = 300_000,
    maxProofAge = 60_000,
    reset,
    signal,
  } = checkedOptions('evacuate', evacuateOptions, options);
  const all: readonly FenceProof[] = isList(proofs) ? proofs : [proofs];
  const from = all[0]?.host ?? '';
  const deadline = cloud.clock.now() + timeout;
  const before = await showServer(cloud, server, signal);
  const earlier = await evacuationsOf(cloud, server, from, signal);
  const known = new Set(earlier.map(({ uuid }) => uuid));
  let mine = earlier.find(({ status }) => UNDER_WAY.has(status));
  if (mine === undefined) {
    if (before.host !== from && before.host !== undefined && from !== '')
      throw new EvacuationError(
        'evacuation-elsewhere',
        `server ${server} is on ${before.host}, not on ${from}`,
        { server },
      );
    const { proof } = await proveStopped(cloud, server, all, { maxAge: maxProofAge, signal });
    if (reset !== undefined && before.state === reset) await resetState(cloud, proof, signal);
    await order(cloud, proof, target, signal);
  }
  for (;;) {
    const now = await evacuationsOf(cloud, server, from, signal);
    mine = now.find(({ uuid }) => (mine === undefined ? !known.has(uuid) : uuid === mine.uuid));
    if (mine !== undefined && !UNDER_WAY.has(mine.status)) break;
    if (cloud.clock.now() > deadline)
      throw new EvacuationError(
        'evacuation-timeout',
        `server ${server}: its evacuation is ${mine?.status ?? 'not begun'} after ${inSeconds(timeout)}`,
        { server, remedy: 'It may go on in Nova: look at its migrations before trying again.' },
      );
    await cloud.clock.sleep(LOOK, signal);
  }
  const after = await settled(cloud, server, deadline, signal);
  if (!ARRIVED.has(mine.status) || after.host === from)
    throw new EvacuationError(
      'evacuation-failed',
      `server ${server}: its evacuation from ${from} ended as ${mine.status}${after.fault ?? ''}`,
      { server, remedy: 'Look at the conductor and scheduler logs: often no host had room (NoValidHost).' },
    );
  return { server, from, to: after.host ?? 'unknown', status: after.status, migration: mine.uuid };
}

const isList = (
  proofs: FenceProof | readonly [FenceProof, ...FenceProof[]],
): proofs is readonly [FenceProof, ...FenceProof[]] => Array.isArray(proofs);

/** The state that Nova evacuates from, whatever it was: Nova starts the guest from its disk then. */
async function resetState(
  cloud: Cloud,
  { server }: StoppedProof,
  signal: AbortSignal | undefined,
): Promise<void> {
  await cloud.compute.at(NOVA).servers.resetState({ id: server, state: 'error' }, { signal });
}

async function order(
  cloud: Cloud,
  { server: id }: StoppedProof,
  host: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { servers } = cloud.compute.at(NOVA);
  try {
    await servers.evacuate(host === undefined ? { id } : { id, host }, { signal });
  } catch (error) {
    const refusedTarget = isConflict(error) || (isHttpError(error) && isServerError(error));
    if (host === undefined || !refusedTarget) throw error;
    await servers.evacuate({ id }, { signal });
  }
}

/** The record says `done` a moment before the server's own task ends. */
async function settled(
  cloud: Cloud,
  id: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<ShownServer> {
  for (;;) {
    const seen = await showServer(cloud, id, signal);
    if (seen.task === undefined || cloud.clock.now() > deadline) return seen;
    await cloud.clock.sleep(LOOK, signal);
  }
}

/** Evacuations of a server off a host, by Nova's account. */
export async function evacuationsOf(
  cloud: Cloud,
  server: string,
  from: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly uuid: string; readonly status: string; readonly to: string | undefined }[]> {
  const listed = cloud.compute
    .at(NOVA)
    .migrations.list({ instance_uuid: server, migration_type: 'evacuation' }, { signal });
  const mine = [];
  for await (const migration of listed)
    if (migration.source_compute === from)
      mine.push({ uuid: migration.uuid, status: migration.status, to: migration.dest_compute ?? undefined });
  return mine;
}
