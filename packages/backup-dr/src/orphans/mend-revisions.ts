import { type Cloud, unlessGone } from '@groundcrew/core';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { digestOfJson } from '@groundcrew/ground/signatures';
import type { Host } from '@groundcrew/runbook/hosts';
import type { Refusal, Target } from '@groundcrew/runbook';
import { z } from 'zod';
import { guestsOf } from './domains-of.ts';
import type {
  HypervisorDomain,
  OrphanAllocation,
  OrphanAttachment,
  OrphanPort,
  OrphanVolume,
} from './orphan-sources.ts';

/** What mends are carried out with. */
export interface OrphanMendsAccess {
  /** Connected as an administrator. */
  readonly cloud: Cloud;
  /** The hosts that were asked for guests, by the names that Nova gives them. @default none */
  readonly hosts?: { readonly [host: string]: Pick<Host, 'run'> } | undefined;
  /** For `virsh`, as root or as the user of that name. @default as who one is */
  readonly sudo?: boolean | string | undefined;
}

export const mendsAccess = optionsSchema<OrphanMendsAccess>({
  cloud: anObjectWith<Cloud>('a Cloud', 'compute', 'blockStorage', 'network', 'placement'),
  hosts: z.record(z.string(), anObjectWith<Pick<Host, 'run'>>('a Host', 'run')).optional(),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
});

/** Whether Nova knows a server: part of every revision, since one that came back needs what is about to go. */
const GONE = 'nova does not know the server';
const THERE = 'nova knows the server';

export const attachmentRevision = (
  { instance, volume_id, status }: OrphanAttachment,
  isThere = false,
): string => digestOfJson([instance, volume_id, status, isThere ? THERE : GONE]);
export const volumeRevision = ({ status, attachments }: OrphanVolume): string =>
  digestOfJson([status, attachments.map(({ attachment_id: id }) => id).toSorted()]);
export const portRevision = (
  { device_id, device_owner, revision_number: revision }: OrphanPort,
  isThere = false,
): string => digestOfJson([device_id, device_owner, revision ?? null, isThere ? THERE : GONE]);
export const allocationRevision = (
  { generation }: Pick<OrphanAllocation, 'generation'>,
  isThere = false,
): string => digestOfJson([generation, isThere ? THERE : GONE]);
export const guestRevision = ({ host, name, isRunning }: HypervisorDomain): string =>
  digestOfJson([host, name, isRunning]);

/** The id of a guest as a target: a guest that moved may be on two hosts. */
export const guestTarget = ({ host, id }: Pick<HypervisorDomain, 'host' | 'id'>): string => `${host}/${id}`;

/** Whether Nova knows a server now. @throws what Nova answers, but for 404 */
export const serverIsThere = async (cloud: Cloud, id: string, signal: AbortSignal): Promise<boolean> =>
  (await unlessGone(() => cloud.compute.servers.get({ id }, { signal }))) !== undefined;

/** Why something is not mended: its server is there by now. */
export async function unlessServer(
  cloud: Cloud,
  id: string,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  if (!(await serverIsThere(cloud, id, signal))) return undefined;
  return {
    code: 'orphans.server-is-there',
    reason: `Nova knows server ${id} by now`,
    remedy: 'Read the sources again, and plan anew.',
  };
}

/**
 * The revisions of what is to be mended now, for `run`: it refuses a plan of which a thing has changed since, or whose server has come
 * back.
 *
 * @throws InputError naming the field
 * @example
 * run(plan, { approved, implementations, revisionOf: orphanRevisions({ cloud, hosts }), journal });
 */
export function orphanRevisions(
  access: OrphanMendsAccess,
): (target: Target, signal: AbortSignal) => Promise<string | undefined> {
  parseArguments('orphanRevisions', mendsAccess, access);
  const { cloud, hosts = {}, sudo } = access;
  const known = (id: string | null, signal: AbortSignal): Promise<boolean> =>
    id === null || id === '' ? Promise.resolve(false) : serverIsThere(cloud, id, signal);
  return async ({ kind, id }, signal) => {
    const call = { signal };
    switch (kind) {
      case 'attachment': {
        const found = await unlessGone(() => cloud.blockStorage.at('3.27').attachments.get({ id }, call));
        return found && attachmentRevision(found, await known(found.instance, signal));
      }
      case 'volume': {
        const found = await unlessGone(() => cloud.blockStorage.volumes.get({ id }, call));
        return found && volumeRevision(found);
      }
      case 'port': {
        const found = await unlessGone(() => cloud.network.ports.get({ id }, call));
        return found && portRevision(found, await known(found.device_id, signal));
      }
      case 'allocation': {
        // A consumer that holds nothing has no generation, and is no error.
        const found = await cloud.placement.at('1.28').allocations.get({ id }, call);
        if (Object.keys(found.allocations).length === 0) return undefined;
        return allocationRevision({ generation: found.consumer_generation ?? null }, await known(id, signal));
      }
      case 'guest': {
        const [name = '', guest] = id.split('/');
        const host = hosts[name];
        if (host === undefined) return undefined;
        const asked = { sudo, signal, now: () => cloud.clock.now() };
        const found = (await guestsOf(name, host, asked)).find((domain) => domain.id === guest);
        return found && guestRevision(found);
      }
      default:
        return undefined;
    }
  };
}
