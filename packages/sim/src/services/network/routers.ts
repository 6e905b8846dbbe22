import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { isUuid } from '../../ids.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, isRecord, type Json, list, python, record, str, text } from '../../wire.ts';
import { networkMissing, visibleNetwork } from './networks.ts';
import { addPort, portMissing, removePort } from './ports.ts';
import { missingOf, resource, uuid } from './resource.ts';
import type { NetworkEntity, Port } from './state.ts';
import { subnetMissing } from './subnets.ts';

const routerMissing = missingOf('RouterNotFound', 'Router', ' could not be found');

export const routerRoutes: Routes = {
  ...resource<NetworkEntity>({
    name: 'router',
    plural: 'routers',
    store: (call) => call.state.network.entities.routers,
    missing: routerMissing,
    quota: 'router',
    adminOnly: ['distributed', 'ha'],
    make: (call, given, project) => {
      requireGateway(call, given);
      return addRouter(call.state, project, given);
    },
    update: (call, router, given) => {
      const { external_gateway_info, ...fields } = given;
      requireGateway(call, given);
      if (external_gateway_info !== undefined) setGateway(call.state, router, external_gateway_info);
      Object.assign(router, fields);
    },
    remove: (call, router) => {
      const attached = portsOf(call.state, router).filter(
        (port) => port.device_owner !== 'network:router_gateway',
      );
      if (attached.length > 0) {
        throw conflict(
          `Router ${router.id} has ports still attached: ${attached.map((port) => port.id).join(', ')}`,
          'RouterInUse',
        );
      }
      setGateway(call.state, router, null);
    },
  }),
  'PUT routers/{id}/add_router_interface': (call) => {
    const router = own(call);
    const given = record(call.body);
    const { network } = call.state;
    if (given['port_id'] !== undefined) {
      const port = network.ports.get(uuid(given, 'port_id'));
      if (port === undefined) throw portMissing(str(given['port_id']));
      Object.assign(port, {
        device_id: router.id,
        device_owner: 'network:router_interface',
        status: 'ACTIVE',
      });
      return ok(interfaceOf(router, port));
    }
    const subnet = network.entities.subnets.get(uuid(given, 'subnet_id'));
    if (subnet === undefined) throw subnetMissing(str(given['subnet_id']));
    if (portsOf(call.state, router).some((port) => port.fixed_ips.some((ip) => ip.subnet_id === subnet.id))) {
      throw badRequest(`Bad router request: Router already has a port on subnet ${subnet.id}.`, 'BadRequest');
    }
    return ok(interfaceOf(router, addInterface(call.state, router, subnet)));
  },
  'PUT routers/{id}/remove_router_interface': (call) => {
    const router = own(call);
    const given = record(call.body);
    const port = portsOf(call.state, router).find(
      (candidate) =>
        candidate.id === given['port_id'] ||
        candidate.fixed_ips.some((ip) => ip.subnet_id === given['subnet_id']),
    );
    if (port === undefined) {
      throw notFound(
        `Router ${router.id} does not have an interface with id ${str(given['port_id'] ?? given['subnet_id'])}`,
        'RouterInterfaceNotFound',
      );
    }
    removePort(call.state, port);
    return ok(interfaceOf(router, port));
  },
  'PUT routers/{id}/add_extraroutes': (call) => {
    const router = own(call);
    router['routes'] = [...list(router['routes']), ...list(call.envelope('router')['routes'])];
    return ok({ router });
  },
  'PUT routers/{id}/remove_extraroutes': (call) => {
    const router = own(call);
    const gone = new Set(list(call.envelope('router')['routes']).map((route) => JSON.stringify(route)));
    router['routes'] = list(router['routes']).filter((route) => !gone.has(JSON.stringify(route)));
    return ok({ router });
  },
};

export function addRouter(state: SimState, project: string, given: Json): NetworkEntity {
  const { network } = state;
  // This is checked before the router is made, so that a refusal leaves no router behind.
  if (given['external_gateway_info'] !== undefined) checkGateway(given['external_gateway_info']);
  const router = network.entities.routers.add(
    network.stamp(project, {
      name: text(given['name']) ?? '',
      admin_state_up: flag(given['admin_state_up']) ?? true,
      status: 'ACTIVE',
      external_gateway_info: null,
      description: text(given['description']) ?? '',
      availability_zones: [],
      availability_zone_hints: list(given['availability_zone_hints']),
      routes: [],
      flavor_id: null,
      distributed: flag(given['distributed']) ?? false,
      ha: flag(given['ha']) ?? false,
    }),
  );
  if (given['external_gateway_info'] !== undefined) setGateway(state, router, given['external_gateway_info']);
  const agents = network.agents.filter((agent) => agent.agent_type === 'L3 agent');
  const count = router['ha'] === true ? agents.length : 1;
  const alive = agents.toSorted(
    (a, b) => Number(a.deadSince !== undefined) - Number(b.deadSince !== undefined),
  );
  network.hosting.set(router.id, new Set(alive.slice(0, count).map((agent) => agent.id)));
  return router;
}

export function addInterface(state: SimState, router: NetworkEntity, subnet: NetworkEntity): Port {
  const parent = state.network.entities.networks.get(str(subnet['network_id'])) as NetworkEntity;
  const port = addPort(state, parent, router.project_id, {
    device_id: router.id,
    device_owner: 'network:router_interface',
    fixed_ips: [{ subnet_id: subnet.id, ip_address: subnet['gateway_ip'] }],
  });
  port.status = 'ACTIVE';
  return port;
}

/** Refuses a gateway on a network that the caller cannot see. */
function requireGateway(call: Call, given: Json): void {
  const id = text(record(given['external_gateway_info'])['network_id']);
  if (id !== undefined && isUuid(id) && visibleNetwork(call, id) === undefined) throw networkMissing(id);
}

/**
 * Checks a gateway as Neutron does before it changes anything (neutron-lib `api/definitions/l3.py`, and
 * `l3_ext_gw_mode.py`).
 */
function checkGateway(info: unknown): void {
  // Python treats an empty list like a missing one.
  if (info === null || (Array.isArray(info) && info.length === 0)) return;
  if (!isRecord(info)) return refuse(`'${str(info)}' is not a dictionary`);
  const keys = Object.keys(info);
  if (keys.length === 0) return;
  if (!('network_id' in info)) {
    refuse(
      `Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: {${keys.map((key) => `'${key}'`).join(', ')}}`,
    );
  }
  const id = text(info['network_id']) ?? python(info['network_id']);
  if (!isUuid(id)) refuse(`'${id}' is not a valid UUID`);
  const unexpected = keys.filter((key) => !GATEWAY_KEYS.includes(key));
  if (unexpected.length > 0) refuse(`Unexpected keys supplied: ${unexpected.join(', ')}`);
}

const refuse = (reason: string): never => {
  throw badRequest(`Invalid input for external_gateway_info. Reason: ${reason}.`, 'HTTPBadRequest');
};

const GATEWAY_KEYS = ['network_id', 'enable_snat', 'external_fixed_ips', 'qos_policy_id'];

function setGateway(state: SimState, router: NetworkEntity, info: unknown): void {
  checkGateway(info);
  for (const port of portsOf(state, router))
    if (port.device_owner === 'network:router_gateway') removePort(state, port);
  router['external_gateway_info'] = null;
  router['availability_zones'] = [];
  const id = text(record(info)['network_id']);
  if (id === undefined) return;
  const parent = state.network.entities.networks.get(id);
  if (parent === undefined) throw networkMissing(id);
  if (parent['router:external'] !== true) {
    throw badRequest(`Bad router request: Network ${id} is not an external network.`, 'BadRequest');
  }
  // The gateway's port belongs to no project, as in Neutron.
  const port = addPort(state, parent, '', { device_id: router.id, device_owner: 'network:router_gateway' });
  port.status = 'ACTIVE';
  router['external_gateway_info'] = {
    network_id: id,
    external_fixed_ips: port.fixed_ips,
    enable_snat: flag(record(info)['enable_snat']) ?? true,
  };
  router['availability_zones'] = ['nova'];
}

/** The router that leads from a subnet to an external network. */
export function routerBetween(
  { network }: SimState,
  subnet: string | undefined,
  outside: unknown,
): NetworkEntity | undefined {
  const interfacePort = network.ports.find(
    (port) =>
      port.device_owner === 'network:router_interface' &&
      port.fixed_ips.some((ip) => ip.subnet_id === subnet),
  );
  const router =
    interfacePort === undefined ? undefined : network.entities.routers.get(interfacePort.device_id);
  return record(router?.['external_gateway_info'])['network_id'] === outside ? router : undefined;
}

const portsOf = (state: SimState, router: NetworkEntity): Port[] =>
  state.network.ports.filter((port) => port.device_id === router.id);

const interfaceOf = (router: NetworkEntity, port: Port): Json => ({
  id: router.id,
  tenant_id: router.project_id,
  port_id: port.id,
  network_id: port.network_id,
  subnet_id: port.fixed_ips[0]?.subnet_id,
  subnet_ids: port.fixed_ips.map((ip) => ip.subnet_id),
});

function own(call: Call): NetworkEntity {
  const router = call.state.network.entities.routers.get(call.param('id'));
  if (router === undefined || !call.owns(router.project_id)) throw routerMissing(call.param('id'));
  return router;
}
