import {
  type Cloud,
  GroundcrewError,
  isConflict,
  isHttpError,
  isNotFound,
  isServerError,
} from '@groundcrew/core';
import type { FenceProof } from '../fencing/fence-proof.ts';
import { isFenceProof, isFresh } from '../fencing/fencer.ts';
import { NOVA } from './cloud-view.ts';

export interface EvacuateOptions {
  /** Where to. @default the scheduler's choice */
  readonly target?: string | undefined;
  /** Seconds for the whole of it. @default 300 */
  readonly timeout?: number | undefined;
  /** Seconds that the proof may be old. @default 60 */
  readonly maxProofAge?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a server's evacuation came to. */
export interface Evacuated {
  readonly server: string;
  readonly from: string;
  readonly to: string;
  /** `ACTIVE` or `SHUTOFF`: as it was before. */
  readonly status: string;
  /** Of Nova's migration record. */
  readonly migration: string;
}

export type EvacuationErrorCode =
  | 'evacuation-without-proof'
  | 'evacuation-gone'
  | 'evacuation-elsewhere'
  | 'evacuation-failed'
  | 'evacuation-timeout';

/** A server that was not evacuated. It is where it was, unless the message says otherwise. */
export class EvacuationError extends GroundcrewError {
  readonly code: EvacuationErrorCode;
  readonly server: string;

  constructor(
    code: EvacuationErrorCode,
    message: string,
    options: { readonly server: string; readonly remedy?: string; readonly cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.server = options.server;
  }
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
 * Nova refuses while it believes the host to be up: declare it down first (`forced_down`).
 *
 * @throws EvacuationError, HttpError
 * @example
 * const proof = await fence.off('compute-3');
 * await evacuate(cloud, server.id, proof);
 */
export async function evacuate(
  cloud: Cloud,
  server: string,
  proof: FenceProof,
  options: EvacuateOptions = {},
): Promise<Evacuated> {
  const { target, timeout = 300, maxProofAge = 60, signal } = options;
  const from = proof.host;
  if (!isFenceProof(proof) || !isFresh(proof, from, cloud.clock.now(), maxProofAge))
    throw new EvacuationError(
      'evacuation-without-proof',
      `server ${server}: no proof, not older than ${maxProofAge} s, that ${from} is off`,
      { server, remedy: 'Ask the fencer again: confirmOff.' },
    );
  const deadline = cloud.clock.now() + timeout * 1000;
  const before = await show(cloud, server, signal);
  const earlier = await migrationsOf(cloud, server, from, signal);
  const known = new Set(earlier.map(({ uuid }) => uuid));
  let mine = earlier.find(({ status }) => UNDER_WAY.has(status));
  if (mine === undefined) {
    if (before.host !== from)
      throw new EvacuationError(
        'evacuation-elsewhere',
        `server ${server} is on ${before.host}, not on ${from}`,
        {
          server,
        },
      );
    await order(cloud, server, target, signal);
  }
  for (;;) {
    const all = await migrationsOf(cloud, server, from, signal);
    mine = all.find(({ uuid }) => (mine === undefined ? !known.has(uuid) : uuid === mine.uuid));
    if (mine !== undefined && !UNDER_WAY.has(mine.status)) break;
    if (cloud.clock.now() > deadline)
      throw new EvacuationError(
        'evacuation-timeout',
        `server ${server}: its evacuation is ${mine?.status ?? 'not begun'} after ${timeout} s`,
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

async function order(
  cloud: Cloud,
  id: string,
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

/** The server as it is now. @throws EvacuationError if it is gone */
export async function show(
  cloud: Cloud,
  id: string,
  signal: AbortSignal | undefined,
): Promise<{
  readonly host: string | undefined;
  readonly status: string;
  readonly task: string | undefined;
  readonly fault: string | undefined;
}> {
  try {
    const one = await cloud.compute.at(NOVA).servers.get({ id }, { signal });
    return {
      host: one['OS-EXT-SRV-ATTR:host'] ?? undefined,
      status: one.status,
      task: one['OS-EXT-STS:task_state'] ?? undefined,
      fault: one.fault === undefined ? undefined : `: ${one.fault.message}`,
    };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new EvacuationError('evacuation-gone', `server ${id} was deleted`, { server: id, cause: error });
  }
}

/** The record says `done` a moment before the server's own task ends. */
async function settled(
  cloud: Cloud,
  id: string,
  deadline: number,
  signal: AbortSignal | undefined,
): ReturnType<typeof show> {
  for (;;) {
    const seen = await show(cloud, id, signal);
    if (seen.task === undefined || cloud.clock.now() > deadline) return seen;
    await cloud.clock.sleep(LOOK, signal);
  }
}

/** Evacuations of a server off a host, by Nova's account. */
export async function migrationsOf(
  cloud: Cloud,
  server: string,
  from: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly uuid: string; readonly status: string; readonly to: string | undefined }[]> {
  const listed = cloud.compute
    .at(NOVA)
    .migrations.list({ instance_uuid: server, migration_type: 'evacuation' }, { signal });
  const mine = [];
  for await (const one of listed)
    if (one.source_compute === from)
      mine.push({ uuid: one.uuid, status: one.status, to: one.dest_compute ?? undefined });
  return mine;
}
