import type { Listed, Observed } from '@groundcrew/core';
import type { CloudInventory, InventoryServer, InventoryVolume } from '../inventory.ts';
import { endpointThings } from './endpoint-things.ts';
import type { FigureId } from './figures.ts';
import { type CoverageThing, idKey } from './thing.ts';

export interface CloudThings {
  readonly inventory: CloudInventory;
  readonly hypervisors: Observed<readonly Listed<'compute', 'hypervisors'>[]>;
  /** The services' endpoints of this region and interface. */
  readonly catalog: Observed<readonly { readonly service: string; readonly url: string }[]>;
}

/** The things of which each figure could be measured: a server that is shut off has no CPU time, a detached volume no I/O. */
export function thingsOf(figure: FigureId, cloud: CloudThings): Observed<readonly CoverageThing[]> {
  const { servers, volumes, snapshots, backups, images, ports, floatingIps } = cloud.inventory;
  switch (figure) {
    case 'servers.cpu':
    case 'servers.memory':
    case 'servers.disk':
      return over(servers, servers.value.filter(isRunning).map(serverThing));
    case 'servers.network': {
      const connected = new Set(ports.value.map(({ device_id }) => device_id));
      const running = servers.value.filter((server) => isRunning(server) && connected.has(server.id));
      return over(servers, running.map(serverThing), ports);
    }
    case 'servers.state':
    case 'servers.size':
    case 'servers.audit':
      return over(servers, servers.value.filter(isOnHost).map(serverThing));
    case 'volumes.size':
    case 'volumes.audit':
      return over(
        volumes,
        volumes.value.filter(({ status }) => !PASSING.has(status)).map((volume) => volumeThing(volume)),
      );
    case 'volumes.io':
      return over(volumes, attachedVolumes(volumes.value, servers.value), servers);
    case 'snapshots.size':
      return over(snapshots, snapshots.value.filter(({ status }) => !PASSING.has(status)).map(plainThing));
    case 'backups.size':
      return over(backups, backups.value.filter(({ status }) => !PASSING.has(status)).map(plainThing));
    case 'images.size':
      return over(images, images.value.filter(({ status }) => status === 'active').map(plainThing));
    case 'ports.state':
      return over(ports, ports.value.map(plainThing));
    case 'floating-ips.state':
      return over(floatingIps, floatingIps.value.map(plainThing));
    case 'hypervisors.cpu':
    case 'hypervisors.use':
      return over(cloud.hypervisors, cloud.hypervisors.value.map(hypervisorThing));
    case 'endpoints.answer':
      return over(cloud.catalog, endpointThings(cloud.catalog.value));
  }
}

/** The statuses of what is not there yet, or not any more. */
const PASSING: ReadonlySet<string> = new Set(['creating', 'deleting', 'downloading', 'deleted']);

/** A list made of another, and perhaps of a second one that must be whole for it to be. */
function over(
  list: Observed<unknown>,
  value: readonly CoverageThing[],
  second: Observed<unknown> = list,
): Observed<readonly CoverageThing[]> {
  const gaps = second === list ? list.gaps : [...list.gaps, ...second.gaps];
  const { at, source } = list;
  if (list.completeness !== 'complete') return { value, at, source, completeness: list.completeness, gaps };
  const completeness = second.completeness === 'complete' ? 'complete' : 'partial';
  return { value, at, source, completeness, gaps };
}

/** A guest that runs, or is paused, has a domain whose counters can be read: 1 and 3 of `nova/objects/fields.py`. */
function isRunning(server: InventoryServer): boolean {
  const power = server['OS-EXT-STS:power_state'];
  return power === undefined || power === null ? server.status === 'ACTIVE' : power === 1 || power === 3;
}

const isOnHost = (server: InventoryServer): boolean =>
  typeof server['OS-SRV-USG:launched_at'] === 'string' && server.status !== 'SHELVED_OFFLOADED';

function serverThing(server: InventoryServer): CoverageThing {
  const domain = server['OS-EXT-SRV-ATTR:instance_name'];
  return {
    id: server.id,
    name: server.name,
    keys: [idKey(server.id), ...(typeof domain === 'string' ? [`domain:${domain}`] : [])],
    parts: 1,
    since: timeOf(server['OS-SRV-USG:launched_at']),
    host: server['OS-EXT-SRV-ATTR:host'] ?? undefined,
  };
}

function volumeThing(
  volume: InventoryVolume,
  more: readonly string[] = [],
  parts = 1,
  since?: string,
): CoverageThing {
  const { id, name } = volume;
  const moved = volume['os-vol-mig-status-attr:name_id'];
  return {
    id,
    name: name ?? undefined,
    // After a migration the back end's name, which is what libvirt knows, has another id in it.
    keys: [idKey(id), ...(typeof moved === 'string' ? [idKey(moved)] : []), ...more],
    parts,
    since: timeOf(since ?? volume.created_at),
  };
}

/** Volumes that a running server has attached, with the names of their disks. */
function attachedVolumes(
  volumes: readonly InventoryVolume[],
  servers: readonly InventoryServer[],
): readonly CoverageThing[] {
  const running = new Set(servers.filter(isRunning).map(({ id }) => id));
  return volumes.flatMap((volume) => {
    const here = volume.attachments.filter(({ server_id }) => running.has(server_id ?? ''));
    if (here.length === 0) return [];
    const disks = here.flatMap(({ server_id, device }) =>
      typeof device === 'string' ? [`disk:${server_id}-${device.replace(/^\/dev\//, '')}`] : [],
    );
    const [newest] = here
      .flatMap(({ attached_at }) => attached_at ?? [])
      .toSorted()
      .toReversed();
    return [volumeThing(volume, disks, here.length, newest)];
  });
}

function hypervisorThing({
  id,
  hypervisor_hostname,
  service,
}: CloudThings['hypervisors']['value'][number]): CoverageThing {
  const short = hypervisor_hostname.split('.')[0] ?? '';
  return {
    id: String(id),
    name: hypervisor_hostname,
    keys: [
      ...new Set([`host:${hypervisor_hostname}`, `host:${short}`]),
      `node:${service.host}_${hypervisor_hostname}`,
    ],
    parts: 1,
    since: undefined,
  };
}

const plainThing = (thing: {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly created_at?: string | null | undefined;
}): CoverageThing => ({
  id: thing.id,
  name: thing.name ?? undefined,
  keys: [idKey(thing.id)],
  parts: 1,
  since: timeOf(thing.created_at),
});

function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
