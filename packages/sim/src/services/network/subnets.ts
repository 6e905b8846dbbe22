import type { Routes } from '../../call.ts';
import { badRequest, conflict } from '../../fault.ts';
import { flag, type Json, list, number, str, text } from '../../wire.ts';
import { formatAddress, overlaps, type Range, rangeOf } from './addresses.ts';
import { networkMissing, visible } from './networks.ts';
import { missingOf, resource, uuid } from './resource.ts';
import type { NetworkEntity, NetworkState } from './state.ts';

export const subnetMissing = missingOf('SubnetNotFound', 'Subnet');

export const subnetRoutes: Routes = {
  ...resource<NetworkEntity>({
    name: 'subnet',
    plural: 'subnets',
    store: (call) => call.state.network.entities.subnets,
    missing: subnetMissing,
    visible: (call, subnet) => {
      const network = call.state.network.entities.networks.get(str(subnet['network_id']));
      return network !== undefined && visible(call, network);
    },
    quota: 'subnet',
    required: ['ip_version', 'network_id'],
    adminOnly: ['segment_id'],
    make: (call, given, project) => {
      const network = call.state.network.entities.networks.get(uuid(given, 'network_id'));
      if (network === undefined || !(call.owns(network.project_id) || visible(call, network)))
        throw networkMissing(str(given['network_id']));
      return addSubnet(call.state.network, network, project, given);
    },
    remove: (call, subnet) => {
      const { ports } = call.state.network;
      const used = [...ports.by('network', str(subnet['network_id']))].some(
        (port) =>
          port.device_owner !== 'network:dhcp' && port.fixed_ips.some((ip) => ip.subnet_id === subnet.id),
      );
      if (used) {
        throw conflict(
          `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
          'SubnetInUse',
        );
      }
    },
  }),
};

/** Adds a subnet, with a default gateway and pool. */
export function addSubnet(
  state: NetworkState,
  network: NetworkEntity,
  project: string,
  given: Json,
): NetworkEntity {
  const version = number(given['ip_version']) ?? 4;
  const cidr = text(given['cidr']) ?? '';
  const range = freeRange(state, network, cidr, version);
  const gateway =
    given['gateway_ip'] === null
      ? null
      : (text(given['gateway_ip']) ?? formatAddress(range.version, range.first + 1n));
  const first = range.first + (gateway === formatAddress(range.version, range.first + 1n) ? 2n : 1n);
  const last = range.version === 4 ? range.last - 1n : range.last;
  const pools = list(given['allocation_pools']).length > 0 ? list(given['allocation_pools']) : undefined;
  return state.entities.subnets.add(
    state.stamp(project, {
      name: text(given['name']) ?? '',
      network_id: network.id,
      ip_version: version,
      subnetpool_id: given['subnetpool_id'] ?? null,
      enable_dhcp: flag(given['enable_dhcp']) ?? true,
      ipv6_ra_mode: given['ipv6_ra_mode'] ?? null,
      ipv6_address_mode: given['ipv6_address_mode'] ?? null,
      gateway_ip: gateway,
      cidr,
      allocation_pools: pools ?? [
        { start: formatAddress(range.version, first), end: formatAddress(range.version, last) },
      ],
      host_routes: list(given['host_routes']),
      dns_nameservers: list(given['dns_nameservers']),
      description: text(given['description']) ?? '',
      service_types: list(given['service_types']),
      segment_id: given['segment_id'] ?? null,
      revision_number: 0,
    }),
  );
}

/** The addresses of a subnet, which overlap no other of its network. */
function freeRange(state: NetworkState, network: NetworkEntity, cidr: string, version: number): Range {
  const range = rangeOf(cidr);
  if (range === undefined)
    throw badRequest(`Invalid input for cidr. Reason: '${cidr}' is not a valid IP subnet.`, 'HTTPBadRequest');
  if (range.version !== version) {
    throw badRequest(
      `Invalid input for operation: ip_version '${version}' does not match the ip_version of subnet '${cidr}'.`,
      'InvalidInput',
    );
  }
  for (const other of state.entities.subnets.values()) {
    const taken = other['network_id'] === network.id ? rangeOf(str(other['cidr'])) : undefined;
    if (taken !== undefined && overlaps(taken, range)) {
      throw badRequest(
        `Invalid input for operation: Requested subnet with cidr: ${cidr} for network: ${network.id} overlaps with another subnet.`,
        'InvalidInput',
      );
    }
  }
  return range;
}
