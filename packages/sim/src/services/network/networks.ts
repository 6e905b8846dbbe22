import { admin, type Call, type Routes } from '../../call.ts';
import { ok } from '../../answer.ts';
import { badRequest, conflict, type ServiceFault } from '../../fault.ts';
import { flag, type Json, list, number, record, text, str } from '../../wire.ts';
import { formatAddress, overlaps, parseAddress, rangeOf, versionOf } from './addresses.ts';
import { missingOf, resource, uuid } from './resource.ts';
import type { NetworkEntity, NetworkState } from './state.ts';

export const networkMissing = missingOf('NetworkNotFound', 'Network');
export const subnetMissing = missingOf('SubnetNotFound', 'Subnet');

/** Shared and external networks are everybody's to see. */
const visible = (_call: Call, network: NetworkEntity): boolean =>
  network['shared'] === true || network['router:external'] === true;

/** The network with this id, if the caller may see it. */
export function visibleNetwork(call: Call, id: string): NetworkEntity | undefined {
  const network = call.state.network.entities.networks.get(id);
  return network !== undefined && (call.owns(network.project_id) || visible(call, network))
    ? network
    : undefined;
}

export const networkRoutes: Routes = {
  ...resource<NetworkEntity>({
    name: 'network',
    plural: 'networks',
    store: (call) => call.state.network.entities.networks,
    missing: networkMissing,
    visible,
    adminOnly: ['provider:network_type', 'provider:physical_network', 'provider:segmentation_id'],
    adminSets: ['shared', 'router:external'],
    quota: 'network',
    make: (call, given, project) => addNetwork(call.state.network, project, given),
    update: (_call, network, given) => void Object.assign(network, given),
    remove: (call, network) => {
      const { ports, entities } = call.state.network;
      const inUse = [...ports.by('network', network.id)].filter(
        (port) => port.device_owner !== 'network:dhcp',
      );
      if (inUse.length > 0) {
        throw conflict(
          `Unable to complete operation on network ${network.id}. There are one or more ports still in use on the network, id for these ports is: ${inUse.map((port) => port.id).join(',')}.`,
          'NetworkInUse',
        );
      }
      for (const subnet of entities.subnets.filter((candidate) => candidate['network_id'] === network.id))
        entities.subnets.delete(subnet.id);
    },
    show: (call, { is_default, ...network }) => ({
      ...network,
      // Which of the external ones is taken for granted.
      ...(network['router:external'] === true ? { is_default } : {}),
      subnets: call.state.network.entities.subnets
        .filter((subnet) => subnet['network_id'] === network.id)
        .map((subnet) => subnet.id),
    }),
  }),
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
  'GET network-ip-availabilities': admin('rule:get_network_ip_availability', (call) =>
    ok({
      network_ip_availabilities: call.state.network.entities.networks
        .values()
        .map((network) => availability(call, network)),
    }),
  ),
  'GET network-ip-availabilities/{id}': admin('rule:get_network_ip_availability', (call) => {
    const network = call.state.network.entities.networks.get(call.param('id'));
    if (network === undefined) throw networkMissing(call.param('id'));
    return ok({ network_ip_availability: availability(call, network) });
  }),
};

/** Makes a network; what scenarios use too. */
export function addNetwork(state: NetworkState, project: string, given: Json): NetworkEntity {
  const type = text(given['provider:network_type']) ?? 'vxlan';
  return state.entities.networks.add(
    state.stamp(project, {
      name: text(given['name']) ?? '',
      admin_state_up: flag(given['admin_state_up']) ?? true,
      mtu: number(given['mtu']) ?? (type === 'vxlan' ? 1450 : 1500),
      status: 'ACTIVE',
      shared: flag(given['shared']) ?? false,
      availability_zone_hints: list(given['availability_zone_hints']),
      availability_zones: [],
      ipv4_address_scope: null,
      ipv6_address_scope: null,
      'router:external': flag(given['router:external']) ?? false,
      description: text(given['description']) ?? '',
      port_security_enabled: flag(given['port_security_enabled']) ?? true,
      qos_policy_id: given['qos_policy_id'] ?? null,
      dns_domain: text(given['dns_domain']) ?? '',
      l2_adjacency: true,
      is_default: flag(given['is_default']) ?? false,
      'provider:network_type': type,
      'provider:physical_network':
        text(given['provider:physical_network']) ?? (type === 'vxlan' ? null : 'physnet1'),
      'provider:segmentation_id':
        number(given['provider:segmentation_id']) ?? (type === 'flat' ? null : state.segment(type)),
    }),
  );
}

/** Makes a subnet, with gateway and pool where none are given. */
export function addSubnet(
  state: NetworkState,
  network: NetworkEntity,
  project: string,
  given: Json,
): NetworkEntity {
  const version = number(given['ip_version']) ?? 4;
  const cidr = text(given['cidr']) ?? '';
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

function availability(call: Call, network: NetworkEntity): Json {
  const state = call.state.network;
  const subnets = state.entities.subnets
    .filter((subnet) => subnet['network_id'] === network.id)
    .map((subnet) => {
      const total = list(subnet['allocation_pools']).reduce((sum: number, pool) => {
        const { start, end } = record(pool);
        return sum + Number((parseAddress(str(end)) ?? 0n) - (parseAddress(str(start)) ?? 0n)) + 1;
      }, 0);
      return {
        subnet_id: subnet.id,
        ip_version: versionOf(str(subnet['cidr'])),
        cidr: subnet['cidr'],
        subnet_name: subnet['name'],
        used_ips: state.takenCount(subnet.id),
        total_ips: total,
      };
    });
  return {
    network_id: network.id,
    network_name: network['name'],
    tenant_id: network.project_id,
    project_id: network.project_id,
    subnet_ip_availability: subnets,
    used_ips: subnets.reduce((sum, subnet) => sum + subnet.used_ips, 0),
    total_ips: subnets.reduce((sum, subnet) => sum + subnet.total_ips, 0),
  };
}

/** No address left: what Nova turns into a server in ERROR. */
export const noMoreAddresses = (network: string): ServiceFault =>
  conflict(`No more IP addresses available on network ${network}.`, 'IpAddressGenerationFailure');
