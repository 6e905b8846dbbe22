import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, forbidden } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, type Json, list, record, str, text, texts } from '../../wire.ts';
import { addressPairs } from './address-pairs.ts';
import { noMoreAddresses, parseAddress, rangeOf } from './addresses.ts';
import { networkMissing } from './networks.ts';
import { groupMissing, missingOf, resource, uuid } from './resource.ts';
import type { FixedIp, NetworkEntity, NetworkState, Port } from './state.ts';

export const portMissing = missingOf('PortNotFound', 'Port');

export const portRoutes: Routes = resource<Port>({
  name: 'port',
  plural: 'ports',
  store: (call) => call.state.network.ports,
  missing: portMissing,
  quota: 'port',
  required: ['network_id'],
  adminOnly: [
    'binding:host_id',
    'binding:profile',
    'binding:vif_type',
    'binding:vif_details',
    'resource_request',
  ],
  make: (call, given, project) => {
    const { network } = call.state;
    const parent = network.entities.networks.get(uuid(given, 'network_id'));
    const usable = parent !== undefined && (call.owns(parent.project_id) || parent['shared'] === true);
    // Everybody sees an external network, but only its owner has ports on it.
    if (parent?.['router:external'] === true && !usable) {
      throw forbidden(`Tenant ${call.projectId} not allowed to create port on this network`, 'HTTPForbidden');
    }
    if (parent === undefined || !usable) throw networkMissing(str(given['network_id']));
    requireGroups(call, given);
    return addPort(call.state, parent, project, given);
  },
  update: (call, port, given) => {
    const { network } = call.state;
    const { fixed_ips, ...fields } = given;
    if (given['allowed_address_pairs'] !== undefined)
      fields['allowed_address_pairs'] = addressPairs(
        given['allowed_address_pairs'],
        str(port['mac_address']),
      );
    requireGroups(call, given);
    refuseGroupsWithoutSecurity(port, given);
    if (fixed_ips !== undefined) {
      network.release(port.fixed_ips);
      port.fixed_ips = addressesOf(
        network,
        str(port.network_id),
        list(fixed_ips).map((fixedIp) => record(fixedIp)),
      );
    }
    Object.assign(port, fields);
    if (typeof given['binding:host_id'] === 'string') bind(port, given['binding:host_id']);
  },
  remove: (call, port) => {
    if (port.device_owner.startsWith('network:router_')) {
      throw conflict(
        `Port ${port.id} cannot be deleted directly via the port API: has device owner ${port.device_owner}.`,
        'ServicePortInUse',
      );
    }
    removePort(call.state, port);
  },
});

/** Refuses groups that the caller cannot see. */
function requireGroups(call: Call, given: Json): void {
  for (const id of texts(given['security_groups'])) {
    const group = call.state.network.entities.security_groups.get(id);
    if (!call.owns(group?.project_id)) throw groupMissing(id);
  }
}

/**
 * Checks port security as ML2 does (`_portsec_ext_port_update_processing`): groups need it, and keep it from being
 * switched off.
 */
function refuseGroupsWithoutSecurity(port: Port, given: Json): void {
  if ((flag(given['port_security_enabled']) ?? port['port_security_enabled']) !== false) return;
  const groups = given['security_groups'] === undefined ? undefined : texts(given['security_groups']);
  if (groups !== undefined && groups.length > 0) {
    throw badRequest(
      'Port security must be enabled and port must have an IP address in order to use security groups.',
      'PortSecurityAndIPRequiredForSecurityGroups',
    );
  }
  if (groups === undefined && texts(port['security_groups']).length > 0) {
    throw conflict(
      'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
      'PortSecurityPortHasSecurityGroup',
    );
  }
}

/** Adds a port with addresses. Nova, routers and scenarios use it too. */
export function addPort(state: SimState, parent: NetworkEntity, project: string, given: Json): Port {
  const { network: networkState, ids } = state;
  const groups = given['security_groups'] === undefined ? undefined : texts(given['security_groups']);
  const owner = text(given['device_owner']) ?? '';
  const secured = parent['port_security_enabled'] !== false && !owner.startsWith('network:');
  const addresses = addressesOf(
    networkState,
    parent.id,
    given['fixed_ips'] === undefined ? undefined : list(given['fixed_ips']).map((fixedIp) => record(fixedIp)),
  );
  const mac = text(given['mac_address']) ?? ids.mac();
  const port = networkState.ports.add({
    ...networkState.stamp(project),
    name: text(given['name']) ?? '',
    network_id: parent.id,
    mac_address: mac,
    admin_state_up: flag(given['admin_state_up']) ?? true,
    status: 'DOWN',
    device_id: text(given['device_id']) ?? '',
    device_owner: owner,
    fixed_ips: addresses,
    allowed_address_pairs: addressPairs(given['allowed_address_pairs'], mac),
    extra_dhcp_opts: list(given['extra_dhcp_opts']),
    security_groups: groups ?? (secured ? [networkState.defaultGroup(project).id] : []),
    description: text(given['description']) ?? '',
    'binding:vnic_type': text(given['binding:vnic_type']) ?? 'normal',
    'binding:profile': record(given['binding:profile']),
    'binding:host_id': '',
    'binding:vif_type': 'unbound',
    'binding:vif_details': {},
    port_security_enabled: flag(given['port_security_enabled']) ?? secured,
    qos_policy_id: given['qos_policy_id'] ?? null,
    qos_network_policy_id: null,
    dns_name: text(given['dns_name']) ?? '',
    dns_assignment: addresses.map(({ ip_address }) => {
      const hostname = `host-${ip_address.replaceAll(/[.:]/g, '-')}`;
      return { ip_address, hostname, fqdn: `${hostname}.sim.example.` };
    }),
    resource_request: null,
    ip_allocation: addresses.length === 0 ? 'none' : 'immediate',
  });
  if (typeof given['binding:host_id'] === 'string' && given['binding:host_id'] !== '')
    bind(port, given['binding:host_id']);
  return port;
}

/** Binds a port to a host, whose agent connects it. */
export function bind(port: Port, host: string): void {
  port['binding:host_id'] = host;
  const bound = host !== '';
  port['binding:vif_type'] = bound ? 'ovs' : 'unbound';
  port['binding:vif_details'] = bound
    ? {
        connectivity: 'l2',
        port_filter: true,
        ovs_hybrid_plug: false,
        datapath_type: 'system',
        bridge_name: 'br-int',
        bound_drivers: { '0': 'openvswitch' },
      }
    : {};
  port.status = bound && port.device_id !== '' ? 'ACTIVE' : 'DOWN';
}

/** The fields of a floating IP without a port. */
export const DISSOCIATED: Json = {
  port_id: null,
  fixed_ip_address: null,
  router_id: null,
  status: 'DOWN',
  port_details: null,
};

export const forwardingsOf = ({ network }: SimState, fip: Pick<NetworkEntity, 'id'>): NetworkEntity[] =>
  network.entities.port_forwardings.filter((forwarding) => forwarding['floatingip_id'] === fip.id);

/** Removes a port forwarding. The removal of the last one frees the floating IP from its router. */
export function removeForwarding(state: SimState, forwarding: NetworkEntity): void {
  const { floatingips, port_forwardings } = state.network.entities;
  port_forwardings.delete(forwarding.id);
  const fip = floatingips.get(str(forwarding['floatingip_id']));
  if (fip !== undefined && forwardingsOf(state, fip).length === 0) fip['router_id'] = null;
}

export function removePort(state: SimState, port: Port): void {
  const { network } = state;
  for (const forwarding of network.entities.port_forwardings.values())
    if (forwarding['internal_port_id'] === port.id) removeForwarding(state, forwarding);
  network.release(port.fixed_ips);
  for (const fip of network.entities.floatingips.values()) {
    if (fip['port_id'] === port.id) Object.assign(fip, DISSOCIATED);
  }
  network.ports.delete(port.id);
}

/** The addresses that a request names, or one of the first IPv4 subnet and one of the first IPv6 subnet. */
function addressesOf(state: NetworkState, network: string, asked: readonly Json[] | undefined): FixedIp[] {
  const subnets = state.entities.subnets.filter((subnet) => subnet['network_id'] === network);
  if (asked === undefined) {
    const chosen = [4, 6].flatMap(
      (version) => subnets.find((subnet) => subnet['ip_version'] === version) ?? [],
    );
    return chosen.map((subnet) => {
      const address = firstOf(
        state,
        subnets.filter((other) => other['ip_version'] === subnet['ip_version']),
      );
      if (address === undefined) throw noMoreAddresses(network);
      return address;
    });
  }
  return asked.map((wish) => {
    const wanted = text(wish['ip_address']);
    const named = text(wish['subnet_id']);
    const subnet = subnets.find((candidate) =>
      named === undefined ? wanted !== undefined && contains(candidate, wanted) : candidate.id === named,
    );
    if (wanted === undefined) {
      const address = subnet === undefined ? undefined : firstOf(state, [subnet]);
      if (address === undefined) throw noMoreAddresses(network);
      return address;
    }
    if (subnet === undefined || !contains(subnet, wanted)) {
      throw named === undefined
        ? badRequest(
            `IP address ${wanted} is not a valid IP for any of the subnets on the specified network.`,
            'InvalidIpForNetwork',
          )
        : badRequest(
            `IP address ${wanted} is not a valid IP for the specified subnet.`,
            'InvalidIpForSubnet',
          );
    }
    if (state.isTaken(subnet.id, wanted)) {
      throw conflict(
        `IP address ${wanted} already allocated in subnet ${subnet.id}`,
        'IpAddressAlreadyAllocated',
      );
    }
    state.take(subnet.id, wanted);
    return { subnet_id: subnet.id, ip_address: wanted };
  });
}

function firstOf(state: NetworkState, subnets: readonly NetworkEntity[]): FixedIp | undefined {
  for (const subnet of subnets) {
    const address = state.allocate(subnet);
    if (address !== undefined) return { subnet_id: subnet.id, ip_address: address };
  }
  return undefined;
}

function contains(subnet: NetworkEntity, address: string): boolean {
  const range = rangeOf(str(subnet['cidr']));
  const value = parseAddress(address);
  return range !== undefined && value !== undefined && value >= range.first && value <= range.last;
}
