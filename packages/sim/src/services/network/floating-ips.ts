import type { Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { type Json, str, text } from '../../wire.ts';
import { networkMissing, visibleNetwork } from './networks.ts';
import { floatingIpMissing, forwardingSummary } from './port-forwardings.ts';
import { addPort, DISSOCIATED, forwardingsOf, portMissing, removePort } from './ports.ts';
import { resource, uuid } from './resource.ts';
import { routerBetween } from './routers.ts';
import type { NetworkEntity } from './state.ts';

export const floatingIpRoutes: Routes = resource<NetworkEntity>({
  name: 'floatingip',
  plural: 'floatingips',
  store: (call) => call.state.network.entities.floatingips,
  missing: floatingIpMissing,
  quota: 'floatingip',
  required: ['floating_network_id'],
  make: (call, given, project) => {
    const parent = visibleNetwork(call, uuid(given, 'floating_network_id'));
    if (parent === undefined) throw networkMissing(str(given['floating_network_id']));
    if (parent['router:external'] !== true) {
      throw badRequest(
        `Bad floatingip request: Network ${parent.id} is not a valid external network.`,
        'BadRequest',
      );
    }
    return addFloatingIp(call.state, parent, project, given);
  },
  update: (call, fip, given) => {
    if (given['port_id'] !== undefined)
      associate(call.state, fip, text(given['port_id']), text(given['fixed_ip_address']));
    if (given['description'] !== undefined) fip['description'] = given['description'];
  },
  remove: (call, fip) => {
    if (forwardingsOf(call.state, fip).length > 0) {
      throw conflict(
        `Floating IP ${fip.id} in use by Port Forwarding resources.`,
        'FipInUseByPortForwarding',
      );
    }
    const port = call.state.network.ports.get(str(fip['ownPort']));
    if (port !== undefined) removePort(call.state, port);
  },
  show: ({ state }, fip) => {
    const { ownPort: _ownPort, ...shown } = fip;
    return {
      ...shown,
      port_forwardings: forwardingsOf(state, fip).map((forwarding) => forwardingSummary(state, forwarding)),
    };
  },
});

export function addFloatingIp(
  state: SimState,
  parent: NetworkEntity,
  project: string,
  given: Json,
): NetworkEntity {
  const { network } = state;
  const wanted = text(given['floating_ip_address']);
  const ownPort = addPort(state, parent, '', {
    device_owner: 'network:floatingip',
    ...(wanted === undefined ? {} : { fixed_ips: [{ ip_address: wanted }] }),
  });
  const fip = network.entities.floatingips.add(
    network.stamp(project, {
      floating_ip_address: ownPort.fixed_ips[0]?.ip_address,
      floating_network_id: parent.id,
      router_id: null,
      port_id: null,
      fixed_ip_address: null,
      status: 'DOWN',
      description: text(given['description']) ?? '',
      qos_policy_id: null,
      port_details: null,
      dns_domain: '',
      dns_name: '',
      revision_number: 0,
      ownPort: ownPort.id,
    }),
  );
  ownPort.device_id = fip.id;
  if (given['port_id'] !== undefined)
    associate(state, fip, text(given['port_id']), text(given['fixed_ip_address']));
  return fip;
}

function associate(
  state: SimState,
  fip: NetworkEntity,
  portId: string | undefined,
  fixed: string | undefined,
): void {
  if (portId === undefined) {
    Object.assign(fip, DISSOCIATED);
    return;
  }
  const port = state.network.ports.get(portId);
  if (port === undefined) throw portMissing(portId);
  const subnet = port.fixed_ips[0]?.subnet_id;
  const router = routerBetween(state, subnet, fip['floating_network_id']);
  if (router === undefined) {
    throw notFound(
      `External network ${str(fip['floating_network_id'])} is not reachable from subnet ${subnet}.  Therefore, cannot associate Port ${portId} with a Floating IP.`,
      'ExternalGatewayForFloatingIPNotFound',
    );
  }
  const address = fixed ?? port.fixed_ips[0]?.ip_address;
  for (const other of state.network.entities.floatingips.values()) {
    const taken = other['port_id'] === portId && other['fixed_ip_address'] === address;
    if (!taken || other.id === fip.id || other['floating_network_id'] !== fip['floating_network_id'])
      continue;
    throw conflict(
      `Cannot associate floating IP ${str(fip['floating_ip_address'])} (${fip.id}) with port ${portId} using fixed IP ${address}, as that fixed IP already has a floating IP on external network ${str(fip['floating_network_id'])}.`,
      'FloatingIPPortAlreadyAssociated',
    );
  }
  Object.assign(fip, {
    port_id: portId,
    fixed_ip_address: address,
    router_id: router.id,
    status: 'ACTIVE',
    port_details: {
      name: port['name'],
      network_id: port.network_id,
      mac_address: port.mac_address,
      admin_state_up: port['admin_state_up'],
      status: port.status,
      device_id: port.device_id,
      device_owner: port.device_owner,
    },
  });
}
