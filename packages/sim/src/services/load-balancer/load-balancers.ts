import { created, noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, type Json, text, texts } from '../../wire.ts';
import { addPort, removePort } from '../network/ports.ts';
import type { NetworkEntity } from '../network/state.ts';
import { addAmphora, addBalancer } from './add.ts';
import { listAnswer } from './page.ts';
import { listedProject, requireRead, requireWrite } from './policy.ts';
import type { Balancer } from './state.ts';
import { balancerView } from './views.ts';

/** Load balancers. What is made boots for the time that a server needs. */
export const balancerRoutes: Routes = {
  'GET lbaas/loadbalancers': (call) => {
    const project = listedProject(call);
    return listAnswer(call, call.state.loadBalancer.balancers, {
      plural: 'loadbalancers',
      isShown: ({ project_id }) => project === undefined || project_id === project,
      view: (balancer) => balancerView(call.state, balancer),
    });
  },
  'GET lbaas/loadbalancers/{id}': (call) => {
    const balancer = find(call);
    requireRead(call, balancer.project_id);
    return ok({ loadbalancer: balancerView(call.state, balancer) });
  },
  'POST lbaas/loadbalancers': (call) => {
    const { state } = call;
    const given = call.envelope('loadbalancer');
    const project = text(given['project_id']) ?? call.projectId;
    requireWrite(call, project);
    const balancer = addBalancer(state, {
      name: text(given['name']) ?? '',
      description: text(given['description']) ?? '',
      project_id: project,
      admin_state_up: flag(given['admin_state_up']) ?? true,
      tags: texts(given['tags']),
      provider: text(given['provider']) ?? 'amphora',
      provisioning_status: 'PENDING_CREATE',
      operating_status: 'OFFLINE',
      ...vipOf(state, project, given),
    });
    const amphora = addAmphora(state, balancer, { status: 'BOOTING', role: null });
    state.clock.after(state.settings.timing.build, () => {
      Object.assign(amphora, { status: 'ALLOCATED', role: 'STANDALONE', updated: state.clock.now() });
      settle(state, balancer);
    });
    return created({ loadbalancer: balancerView(state, balancer) });
  },
  'DELETE lbaas/loadbalancers/{id}': (call) => {
    const { state } = call;
    const balancer = find(call);
    const { loadBalancer } = state;
    requireWrite(call, balancer.project_id);
    const { id } = balancer;
    const parts = [
      ...loadBalancer.partsOf(loadBalancer.listeners, id),
      ...loadBalancer.partsOf(loadBalancer.pools, id),
    ];
    if (parts.length > 0 && flag(call.query.get('cascade')) !== true)
      throw badRequest(`Validation failure: Cannot delete Load Balancer ${id} - it has children`);
    if (balancer.provisioning_status.startsWith('PENDING_'))
      throw conflict(`Invalid state ${balancer.provisioning_status} of loadbalancer resource ${id}`);
    Object.assign(balancer, { provisioning_status: 'PENDING_DELETE', updated: call.now });
    state.clock.after(state.settings.timing.delete, () => remove(state, balancer));
    return noContent;
  },
};

function settle(state: SimState, balancer: Balancer): void {
  Object.assign(balancer, {
    provisioning_status: 'ACTIVE',
    operating_status: balancer.admin_state_up ? 'ONLINE' : 'OFFLINE',
    updated: state.clock.now(),
  });
}

function remove({ loadBalancer, network, ...state }: SimState, { id, vip_port_id }: Balancer): void {
  for (const listener of loadBalancer.partsOf(loadBalancer.listeners, id))
    loadBalancer.listeners.delete(listener.id);
  for (const pool of loadBalancer.partsOf(loadBalancer.pools, id)) loadBalancer.pools.delete(pool.id);
  for (const amphora of loadBalancer.amphorae.filter(({ balancer }) => balancer === id))
    loadBalancer.amphorae.delete(amphora.id);
  const port = network.ports.get(vip_port_id ?? '');
  if (port?.device_owner === OWNER) removePort({ ...state, loadBalancer, network }, port);
  loadBalancer.balancers.delete(id);
}

/** The owner of the ports that Octavia makes (`OCTAVIA_OWNER` of `octavia/common/constants.py`). */
const OWNER = 'Octavia';

type Vip = Pick<Balancer, 'vip_address' | 'vip_network_id' | 'vip_port_id' | 'vip_subnet_id'>;

/** The address: on a port that is given, or on one that Octavia makes. */
function vipOf(state: SimState, project: string, given: Json): Vip {
  const { network } = state;
  const [portId, subnetId, networkId] = ['vip_port_id', 'vip_subnet_id', 'vip_network_id'].map((field) =>
    text(given[field]),
  );
  if (portId === undefined && subnetId === undefined && networkId === undefined)
    throw badRequest(
      'Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.',
    );
  const subnet = subnetId === undefined ? undefined : network.entities.subnets.get(subnetId);
  if (subnetId !== undefined && subnet === undefined) throw badRequest(missing('Subnet', subnetId));
  const id = networkId ?? (subnet?.['network_id'] as string | undefined);
  const parent: NetworkEntity | undefined = network.entities.networks.get(id ?? '');
  const port =
    portId === undefined
      ? parent === undefined
        ? undefined
        : addPort(state, parent, project, {
            name: 'octavia-lb-vip',
            device_owner: OWNER,
            ...(subnetId === undefined ? {} : { fixed_ips: [{ subnet_id: subnetId }] }),
          })
      : network.ports.get(portId);
  if (port === undefined)
    throw badRequest(portId === undefined ? missing('Network', id ?? '') : missing('Port', portId));
  const [fixed] = port.fixed_ips;
  return {
    vip_address: fixed?.ip_address ?? null,
    vip_network_id: port.network_id,
    vip_port_id: port.id,
    vip_subnet_id: fixed?.subnet_id ?? null,
  };
}

const missing = (what: string, id: string): string => `Validation failure: ${what} ${id} not found.`;

function find(call: Call): Balancer {
  const id = call.param('id');
  const balancer = call.state.loadBalancer.balancers.get(id);
  if (balancer === undefined) throw notFound(`Load Balancer ${id} not found.`);
  return balancer;
}
