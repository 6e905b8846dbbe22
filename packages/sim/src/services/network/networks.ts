import type { Call, Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import { flag, type Json, list, number, text } from '../../wire.ts';
import { missingOf, resource } from './resource.ts';
import type { NetworkEntity, NetworkState } from './state.ts';

export const networkMissing = missingOf('NetworkNotFound', 'Network');

/** Tells whether everybody sees a network: a shared or external one. */
export const visible = (_call: Call, network: NetworkEntity): boolean =>
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
      // Only external networks show whether they are the default one.
      ...(network['router:external'] === true ? { is_default } : {}),
      subnets: call.state.network.entities.subnets
        .filter((subnet) => subnet['network_id'] === network.id)
        .map((subnet) => subnet.id),
    }),
  }),
};

/** Adds a network. Scenarios use it too. */
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
