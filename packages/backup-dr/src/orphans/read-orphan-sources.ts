import { type Cloud, mapList, observeAllProjects, observeList, visibilityOf } from '@groundcrew/core';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { inventoryOf, type InventoryReading, inventoryReading } from '../inventory-reading.ts';
import { domainsOf } from './domains-of.ts';
import {
  type OrphanSources,
  serversReferredTo,
  unusedThoughTaken,
  volumesReferredTo,
} from './orphan-sources.ts';
import { readAllocations, withAllocationsOf } from './read-allocations.ts';
import { readAgain, withReferred } from './really-absent.ts';

export interface ReadOrphanSourcesOptions extends InventoryReading {
  /** Hosts with libvirt, by the names that Nova gives them. @default no hypervisor is asked */
  readonly hosts?: { readonly [host: string]: Pick<Host, 'run'> } | undefined;
  /** For `virsh`, as root or as the user of that name. @default as who one is */
  readonly sudo?: boolean | string | undefined;
}

const sourcesOptions = optionsSchema<ReadOrphanSourcesOptions>({
  ...inventoryReading,
  hosts: z.record(z.string(), anObjectWith<Pick<Host, 'run'>>('a Host', 'run')).optional(),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
});

/**
 * Reads what Nova, Neutron, Cinder, Placement and the hypervisors believe of each other. It takes an administrator; what is denied, and a
 * host that does not answer, becomes a gap. A server or volume that others refer to and no list has is asked for by its id, before it is
 * said to be gone. Placement lists allocations by provider: that is a call for each host.
 *
 * @throws InputError for an option that is not known
 * @example
 * const sources = await readOrphanSources(cloud, { hosts: { 'compute-1': sshHost({ host: 'compute-1' }) }, sudo: true });
 * for (const { title, remedy } of findOrphans(sources)) console.log(title, remedy);
 */
export async function readOrphanSources(
  cloud: Cloud,
  options: ReadOrphanSourcesOptions = {},
): Promise<OrphanSources> {
  parseArguments('readOrphanSources', sourcesOptions, options);
  const { hosts, sudo, signal } = options;
  const read = { signal };
  const now = (): number => cloud.clock.now();
  const visibility = await visibilityOf(cloud, read);
  const asked = hosts === undefined ? [] : Object.entries(hosts);
  const [known, attachments, hypervisors, domains, held] = await Promise.all([
    inventoryOf(cloud, options),
    observeAllProjects(
      cloud,
      'attachments',
      visibility,
      cloud.blockStorage.at('3.27').attachments.listBrief({ all_tenants: true }, read),
    ),
    observeList('hypervisors', cloud.compute.hypervisors.list({}, read), { now }),
    Promise.all(
      asked.map(async ([name, host]) => [name, await domainsOf(name, host, { sudo, signal, now })] as const),
    ),
    readAllocations(cloud, { signal, now }),
  ]);
  // After the allocations: a move that has begun meanwhile is among them, and is known.
  const migrations = await observeList(
    'migrations',
    mapList(
      // From 2.59 on they have the uuid that Placement knows them by.
      cloud.compute.at('2.59').migrations.list({}, read),
      ({ uuid, instance_uuid, status }) => ({ uuid, instance_uuid, status }),
    ),
    { now },
  );
  const asConsumers = { allocations: held, migrations };
  const hypervisor = hosts === undefined ? undefined : Object.fromEntries(domains);
  const cinder = { volumes: known.volumes, attachments };
  const neutron = { ports: known.ports };
  const [servers, volumes] = await Promise.all([
    withReferred(
      known.servers,
      serversReferredTo({ cinder, neutron, placement: asConsumers, hypervisor }),
      (id) => cloud.compute.servers.get({ id }, read),
    ),
    withReferred(known.volumes, volumesReferredTo({ servers: known.servers, attachments }), (id) =>
      cloud.blockStorage.volumes.get({ id }, read),
    ),
  ]);
  const allocations = await withAllocationsOf(cloud, held, servers.value, signal);
  // One that was attached while the lists were read looks as if nobody used it.
  const taken = unusedThoughTaken({ volumes, attachments });
  const settled = await readAgain(volumes, new Set(taken.map(({ id }) => id)), (id) =>
    cloud.blockStorage.volumes.get({ id }, read),
  );
  return {
    nova: { servers, hypervisors },
    neutron,
    cinder: { volumes: settled, attachments },
    placement: { allocations, migrations },
    hypervisor,
  };
}
