import type { AuditSnapshot, Port } from './observe.ts';
import { parsePrefix } from './cidr.ts';
import type { Family } from './family.ts';

/** By what a port can be reached from outside. */
export type Way = 'floating_ip' | 'port_forwarding' | 'external_network' | 'routed';

/** A port that a group's rules concern, and how the world comes to it. */
export interface EffectivePort {
  readonly port_id: string;
  readonly device_id: string;
  readonly device_owner: string;
  /** `none`: nothing leads to it from outside. `unknown`: what could lead to it was not all seen, for these reasons. */
  readonly exposed_by: Way | 'none' | 'unknown';
  /** The address that is reached: the floating one, or its own. */
  readonly address?: string | undefined;
  readonly why: string;
}

/** What leads where, of one snapshot. */
export interface Paths {
  readonly of: (port: Port, family: Family) => EffectivePort;
}

/**
 * Ways from outside to a port: a floating IP, a forwarded port, an address on an external network, or one that a router
 * with a gateway outside routes to without translating it (all of IPv6, and IPv4 without SNAT). Whether the world routes
 * a project's own prefix to that router is not Neutron's to know: it is taken to.
 */
export function pathsOf(snapshot: AuditSnapshot): Paths {
  const { floatingIps, networks, routers, ports } = snapshot;
  const byPort = Map.groupBy(floatingIps.value, (one) => one.port_id);
  const forwarded = new Map(
    floatingIps.value.flatMap((one) =>
      (one.port_forwardings ?? []).flatMap(({ internal_port_id: id }) =>
        id === undefined ? [] : [[id, one.floating_ip_address] as const],
      ),
    ),
  );
  const external = new Set(
    networks.value.filter((one) => one['router:external'] === true).map(({ id }) => id),
  );
  const routed = routesOf(snapshot);
  const closed = closedBy(snapshot);
  const blind = [ports, floatingIps, networks, routers].filter(
    ({ completeness }) => completeness !== 'complete' && completeness !== 'unsupported',
  );
  // A way is one, whether something stands in it or not; but it is not told as if nothing did.
  const walls = snapshot.firewallGroups.completeness;
  const unseenWalls =
    walls === 'complete' || walls === 'unsupported'
      ? ''
      : '; whether a firewall group filters it could not be seen';
  return {
    of(port, family) {
      const base = { port_id: port.id, device_id: port.device_id, device_owner: port.device_owner };
      const wall = closed.get(port.id);
      if (wall?.shut) return { ...base, exposed_by: 'none', why: wall.why };
      const through = wall === undefined ? '' : `; ${wall.why}`;
      const own = port.fixed_ips
        .map((one) => one.ip_address)
        .find((text) => parsePrefix(text)?.version === family.version);
      const found = (exposed_by: Way, address: string | undefined, why: string): EffectivePort =>
        wall === undefined
          ? { ...base, exposed_by, address, why: `${why}${unseenWalls}` }
          : { ...base, exposed_by: 'unknown', address, why: `${why}${through}` };
      if (family.version === 4) {
        const floating = byPort.get(port.id)?.[0]?.floating_ip_address;
        if (floating !== undefined)
          return found('floating_ip', floating, `port ${port.id} has the floating IP ${floating}`);
        const forwarding = forwarded.get(port.id);
        if (forwarding !== undefined)
          return found(
            'port_forwarding',
            forwarding,
            `a port of floating IP ${forwarding} is forwarded to port ${port.id}`,
          );
      }
      if (own !== undefined && external.has(port.network_id))
        return found('external_network', own, `port ${port.id} has ${own} on an external network`);
      const router = routed.get(port.network_id)?.[family.version];
      if (own !== undefined && router !== undefined)
        return found('routed', own, `router ${router} routes to ${own} of port ${port.id}, untranslated`);
      return blind.length === 0
        ? { ...base, exposed_by: 'none', why: 'no floating IP, forwarding or route leads to it' }
        : {
            ...base,
            exposed_by: 'unknown',
            why: `whether anything leads to it could not be seen: ${blind.flatMap(({ gaps }) => gaps.map(({ what }) => what)).join(', ')}`,
          };
    },
  };
}

type Routes = ReadonlyMap<string, { readonly 4?: string; readonly 6?: string }>;

/** Which networks a router with an outside gateway routes to, by family. */
function routesOf({ ports, routers }: AuditSnapshot): Routes {
  const outside = new Map(
    routers.value.flatMap(({ id, external_gateway_info: gateway }) =>
      gateway === null || gateway === undefined ? [] : [[id, gateway] as const],
    ),
  );
  const routes = new Map<string, { 4?: string; 6?: string }>();
  for (const port of ports.value) {
    if (!port.device_owner.startsWith('network:') || !port.device_owner.includes('router_interface'))
      continue;
    const gateway = outside.get(port.device_id);
    if (gateway === undefined) continue;
    const known = routes.get(port.network_id) ?? {};
    known[6] = port.device_id;
    if (gateway.enable_snat === false) known[4] = port.device_id;
    routes.set(port.network_id, known);
  }
  return routes;
}

interface Wall {
  readonly shut: boolean;
  readonly why: string;
}

/** Ports behind FWaaS v2: one without an ingress policy lets nothing in; what a policy lets in is not read here. */
function closedBy({ firewallGroups }: AuditSnapshot): ReadonlyMap<string, Wall> {
  const walls = new Map<string, Wall>();
  for (const {
    id,
    admin_state_up,
    status,
    ingress_firewall_policy_id: policy,
    ports = [],
  } of firewallGroups.value) {
    // `INACTIVE` has no ports, `DOWN` and `ERROR` may filter or not.
    const works = admin_state_up && status === 'ACTIVE';
    for (const port of ports)
      walls.set(
        port,
        works && policy === null
          ? { shut: true, why: `firewall group ${id} lets nothing in: it has no ingress policy` }
          : {
              shut: false,
              why: works
                ? `firewall group ${id} filters it, by policy ${policy ?? ''}, which is not judged here`
                : `firewall group ${id} is ${status}, and may filter it or not`,
            },
      );
  }
  return walls;
}
