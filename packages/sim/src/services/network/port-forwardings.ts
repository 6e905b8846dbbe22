import { created, noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict } from '../../fault.ts';
import { type Json, number, str, text } from '../../wire.ts';
import type { Release } from '../../releases.ts';
import type { SimState } from '../../sim-state.ts';
import { extensionsOf } from './extensions.ts';
import { forwardingsOf, portMissing, removeForwarding } from './ports.ts';
import { missingOf, pageOf, pickFields, requireFields, uuid } from './resource.ts';
import { routerBetween } from './routers.ts';
import type { NetworkEntity, Port } from './state.ts';

// The checks are those of `neutron/services/portforwarding/pf_plugin.py`.

const PATH = 'floatingips/{floatingip_id}/port_forwardings';
const missing = missingOf('PortForwardingNotFound', 'Port Forwarding');
export const floatingIpMissing = missingOf('FloatingIPNotFound', 'Floating IP', ' could not be found');

/** The ports of a floating IP that are forwarded to ports of servers. */
export const portForwardingRoutes: Routes = {
  [`GET ${PATH}`]: (call) => {
    const all = forwardingsOf(call.state, floatingIpOf(call)).map((forwarding) =>
      forwardingView(call.state, forwarding),
    );
    const page = pageOf(call, all, missing);
    return ok({
      port_forwardings: page.items.map((item) => pickFields(call, item)),
      ...page.links('port_forwardings'),
    });
  },
  [`POST ${PATH}`]: (call) => {
    const fip = floatingIpOf(call);
    const given = askedOf(call);
    requireFields(given, ['internal_port_id', 'internal_ip_address', 'protocol']);
    const ports = portsOf(given);
    const to = targetOf(call.state, fip, given);
    if (fip['port_id'] !== null) {
      throw conflict(
        `Cannot associate floating IP ${str(fip['floating_ip_address'])} (${fip.id}) with port ${to.port.id} using fixed IP ${to.address}, as that floating IP already has a fixed IP on external network ${str(fip['floating_network_id'])}.`,
        'FloatingIPPortAlreadyAssociated',
      );
    }
    const { network } = call.state;
    const made: Json = {
      floatingip_id: fip.id,
      protocol: str(given['protocol']),
      internal_port_id: to.port.id,
      internal_ip_address: to.address,
      description: text(given['description']) ?? '',
      ...ports,
    };
    refuseCollisions(call.state, fip, made);
    fip['router_id'] = to.router;
    return created({
      port_forwarding: forwardingView(
        call.state,
        network.entities.port_forwardings.add(network.stamp(fip.project_id, made)),
      ),
    });
  },
  [`GET ${PATH}/{id}`]: (call) =>
    ok({ port_forwarding: pickFields(call, forwardingView(call.state, own(call))) }),
  [`PUT ${PATH}/{id}`]: (call) => {
    const forwarding = own(call);
    const fip = floatingIpOf(call);
    const given = askedOf(call);
    const next = { ...forwarding, ...given };
    if (given['internal_port_id'] !== undefined || given['internal_ip_address'] !== undefined) {
      const to = targetOf(call.state, fip, next);
      Object.assign(next, { internal_port_id: to.port.id, internal_ip_address: to.address });
    }
    Object.assign(next, portsOf(given, forwarding));
    refuseCollisions(call.state, fip, next);
    Object.assign(forwarding, next);
    return ok({ port_forwarding: forwardingView(call.state, forwarding) });
  },
  [`DELETE ${PATH}/{id}`]: (call) => {
    removeForwarding(call.state, own(call));
    return noContent;
  },
};

/**
 * The summary of a port forwarding in a floating IP: without the ports of a range, and in older releases without its
 * port.
 */
export function forwardingSummary({ release }: SimState, forwarding: NetworkEntity): Json {
  const isDetailed = extensionsOf(release).includes('floating-ip-port-forwarding-detail');
  const names = ['protocol', 'internal_ip_address', ...(isDetailed ? ['id', 'internal_port_id'] : [])];
  const ports = ['internal_port', 'external_port'].filter((name) => forwarding[name] !== null);
  return Object.fromEntries([...names, ...ports].map((name) => [name, forwarding[name]]));
}

const SHOWN = [
  'id',
  'protocol',
  'internal_port_id',
  'internal_ip_address',
  'internal_port',
  'external_port',
  'internal_port_range',
  'external_port_range',
  'description',
];
const forwardingView = ({ release }: SimState, forwarding: NetworkEntity): Json =>
  Object.fromEntries(
    SHOWN.filter((name) => hasRanges(release) || !isRange(name)).map((name) => [name, forwarding[name]]),
  );

const isRange = (name: string): boolean => name.endsWith('_range');
const hasRanges = (release: Release): boolean =>
  extensionsOf(release).includes('floating-ip-port-forwarding-port-ranges');

/** The fields of the request. Ranges are accepted only in releases that have them. */
function askedOf(call: Call): Json {
  const body = call.envelope('port_forwarding');
  const unknownRanges = Object.keys(body).filter(isRange);
  if (unknownRanges.length > 0 && !hasRanges(call.state.release))
    throw badRequest(`Unrecognized attribute(s) '${unknownRanges.join(', ')}'`, 'HTTPBadRequest');
  return body;
}

function floatingIpOf(call: Call): NetworkEntity {
  const id = call.param('floatingip_id');
  const fip = call.state.network.entities.floatingips.get(id);
  if (fip === undefined || !call.owns(fip.project_id)) throw floatingIpMissing(id);
  return fip;
}

function own(call: Call): NetworkEntity {
  const forwarding = call.state.network.entities.port_forwardings.get(call.param('id'));
  if (forwarding === undefined || forwarding['floatingip_id'] !== floatingIpOf(call).id)
    throw missing(call.param('id'));
  return forwarding;
}

/** Reads a port or a range of ports on both sides. What is not given stays as before. */
function portsOf(given: Json, before: Json = {}): Json {
  const sideOf = (side: 'internal' | 'external'): { readonly first: number; readonly last: number } => {
    const range =
      text(given[`${side}_port_range`]) ??
      number(given[`${side}_port`])?.toString() ??
      text(before[`${side}_port_range`]);
    const [first = Number.NaN, last = first] = (range ?? '').split(':').map(Number);
    if (!(first >= 1 && last >= first && last <= 65_535)) {
      throw badRequest(
        `Invalid input for ${side}_port. Reason: '${range ?? 'None'}' is not in range 1 to 65535.`,
        'HTTPBadRequest',
      );
    }
    return { first, last };
  };
  const internal = sideOf('internal');
  const external = sideOf('external');
  const ofInternal = internal.last - internal.first;
  if (ofInternal > 0 && ofInternal !== external.last - external.first) {
    throw badRequest(
      'Bad port_forwarding request: Invalid ranges of internal and/or external ports. The relation between internal and external ports must be N-N or 1-N.',
      'BadRequest',
    );
  }
  return {
    internal_port: ofInternal === 0 ? internal.first : null,
    internal_port_range: `${internal.first}:${internal.last}`,
    external_port: external.first === external.last ? external.first : null,
    external_port_range: `${external.first}:${external.last}`,
  };
}

/**
 * The target of a port forwarding: an IPv4 address of a port, and the router between it and the floating IP's network.
 */
function targetOf(
  state: SimState,
  fip: NetworkEntity,
  given: Json,
): { port: Port; address: string; router: string } {
  const port = state.network.ports.get(uuid(given, 'internal_port_id'));
  if (port === undefined) throw portMissing(str(given['internal_port_id']));
  const wanted = str(given['internal_ip_address']);
  const ip = port.fixed_ips.find(({ ip_address: address }) => !address.includes(':') && wanted === address);
  if (ip === undefined) {
    throw badRequest(
      `Bad port_forwarding request: Requested internal port ${port.id} has no IPv4 address ${wanted}.`,
      'BadRequest',
    );
  }
  const router = routerBetween(state, ip.subnet_id, fip['floating_network_id']);
  if (router === undefined) {
    throw badRequest(
      `Bad port_forwarding request: External network ${str(fip['floating_network_id'])} is not reachable from subnet ${ip.subnet_id}. Cannot set Port forwarding for port ${port.id} with Floating IP ${fip.id}.`,
      'BadRequest',
    );
  }
  return { port, address: ip.ip_address, router: router.id };
}

/** Refuses a second forwarding of a port of the floating IP, and a second one to the same port. */
function refuseCollisions({ network }: SimState, fip: NetworkEntity, made: Json): void {
  const same = (other: Json, ...names: readonly string[]): boolean =>
    names.every((name) => other[name] === made[name]);
  for (const other of network.entities.port_forwardings.values()) {
    if (other.id === made['id'] || !same(other, 'protocol')) continue;
    const sides = [
      ...(other['floatingip_id'] === fip.id ? ['external_port_range'] : []),
      ...(same(other, 'internal_port_id', 'internal_ip_address') ? ['internal_port_range'] : []),
    ];
    for (const side of sides) {
      if (!overlap(str(other[side]), str(made[side]))) continue;
      throw badRequest(
        `Bad port_forwarding request: There is a port collision with the ${side}. The following ranges collides: ${str(other[side])} and ${str(made[side])}.`,
        'BadRequest',
      );
    }
  }
}

function overlap(a: string, b: string): boolean {
  const [aFirst = 0, aLast = 0] = a.split(':').map(Number);
  const [bFirst = 0, bLast = 0] = b.split(':').map(Number);
  return Math.max(aFirst, bFirst) <= Math.min(aLast, bLast);
}
