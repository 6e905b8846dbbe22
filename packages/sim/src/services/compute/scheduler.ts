import type { SimState } from '../../sim-state.ts';
import type { Provider, Resources } from '../placement/state.ts';
import { isUp, serviceOf, zoneOf } from './hosts.ts';
import type { Flavor, Server } from './server.ts';

export const NO_VALID_HOST = 'No valid host was found. There are not enough hosts available.';

/** The resources that a server takes of a host. A server booted from a volume takes no disk. */
export const resourcesOf = (flavor: Flavor, fromVolume: boolean): Resources => ({
  VCPU: flavor.vcpus,
  MEMORY_MB: flavor.ram,
  ...(fromVolume || flavor.disk === 0 ? {} : { DISK_GB: flavor.disk }),
});

/**
 * The host with most memory free among those that are up, enabled, in the zone, allowed by the server's group, and
 * have room: what Nova's default filters and weigher come to.
 */
export function schedule(
  state: SimState,
  server: Server,
  options: {
    readonly flavor?: Flavor;
    readonly not?: readonly (string | null)[];
    readonly only?: string | undefined;
    readonly zone?: string | null;
  } = {},
): string | undefined {
  const resources = resourcesOf(options.flavor ?? server.flavor, server.image === null);
  const zone = options.zone === undefined ? server.pinned_zone : options.zone;
  const candidates: Provider[] = [];
  for (const hypervisor of state.compute.hypervisors.values()) {
    const { host } = hypervisor;
    if (options.not?.includes(host) === true || (options.only !== undefined && options.only !== host))
      continue;
    const service = serviceOf(state, host);
    if (service === undefined || service.disabled || !isUp(state.clock.now(), service)) continue;
    // The scheduler does not know the hosts of a down cell.
    if (state.compute.hostsInDownCells.has(host)) continue;
    if (zone !== null && zoneOf(state, host) !== zone) continue;
    const provider = state.placement.providers.get(hypervisor.id);
    if (provider === undefined || !state.placement.hasRoomFor(provider, resources)) continue;
    if (allowedByGroup(state, server, host)) candidates.push(provider);
  }
  const free = (provider: Provider): number => state.placement.free(provider, 'MEMORY_MB');
  return candidates.toSorted((a, b) => free(b) - free(a))[0]?.name;
}

function allowedByGroup(state: SimState, server: Server, host: string): boolean {
  const group = server.group === null ? undefined : state.compute.groups.get(server.group);
  if (group === undefined) return true;
  const others = state.compute.servers
    .kept()
    .filter((other) => other.group === group.id && other.id !== server.id && other.host !== null);
  if (group.policy === 'anti-affinity') {
    const limit = Number(group.rules['max_server_per_host'] ?? 1);
    return others.filter((other) => other.host === host).length < limit;
  }
  return group.policy !== 'affinity' || others.every((other) => other.host === host);
}

/** Records in Placement that a server is on a host. */
export function allocate(
  state: SimState,
  server: Server,
  host: string,
  flavor: Flavor = server.flavor,
): void {
  const provider = state.placement.byName(host);
  if (provider === undefined) return;
  state.placement.allocate(
    server.id,
    { project_id: server.project_id, user_id: server.user_id, type: 'INSTANCE' },
    { [provider.id]: resourcesOf(flavor, server.image === null) },
  );
}

export const deallocate = (state: SimState, server: Server): void =>
  state.placement.allocate(server.id, server, {});
