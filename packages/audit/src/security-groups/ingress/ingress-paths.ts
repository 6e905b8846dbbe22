import { parsePrefix } from '../addresses/cidr.ts';
import type { Family } from '../addresses/address-family.ts';
import { type CarriedReach, forwardedOf } from './port-forwardings.ts';
import type { AuditSnapshot, Port } from '../snapshot/snapshot.ts';
import { doorsOf } from './router-interfaces.ts';
import { takenAddresses } from './allowed-address-pairs.ts';

/** By what a port can be reached from outside. */
export type Way = 'floating_ip' | 'port_forwarding' | 'external_network' | 'routed';

/** One of a port's own addresses. */
export type OwnAddress = Port['fixed_ips'][number];

/** A way that the world comes by. */
export interface Found {
  readonly way: Way;
  /** The address that is reached: the floating one, or its own. */
  readonly address: string;
  /** To which of its own it leads. */
  readonly own: OwnAddress | undefined;
  /** Behind which router it is; `any` that has a door there, `none`. */
  readonly router: string;
  /** What the way itself carries. @default everything */
  readonly lets?: CarriedReach | undefined;
  readonly why: string;
}

export interface Ways {
  readonly to: (port: Port, family: Family) => readonly Found[];
}

/**
 * Ways from outside to a port: a floating IP, a forwarded port, an address on an external network, or one that a router
 * with a gateway outside routes to without translating it (all of IPv6, and IPv4 without SNAT). Whether the world routes
 * a project's own prefix to that router is not Neutron's to know: it is taken to. What leads to a virtual address leads to
 * the ports that may take it.
 */
export function waysOf(snapshot: AuditSnapshot): Ways {
  const { floatingIps, networks, ports } = snapshot;
  const byPort = Map.groupBy(floatingIps.value, (one) => one.port_id);
  const forwarded = forwardedOf(floatingIps.value);
  const external = new Set(
    networks.value.filter((one) => one['router:external'] === true).map(({ id }) => id),
  );
  // Lists that are not whole, and fields that are stripped, make `of` (paths.ts) doubt that there is no way.
  const doors = doorsOf(snapshot);

  const translated = (port: Port, own: readonly OwnAddress[]): Found[] => [
    ...(byPort.get(port.id) ?? []).map((one): Found => {
      const address = one.floating_ip_address;
      return {
        way: 'floating_ip',
        address,
        own: own.find(({ ip_address }) => ip_address === one.fixed_ip_address) ?? own[0],
        router: one.router_id ?? 'any',
        why: `port ${port.id} has the floating IP ${address}`,
      };
    }),
    ...(forwarded.get(port.id) ?? []).map(({ floatingIp, internal, lets }): Found => {
      const { floating_ip_address: address, router_id } = floatingIp;
      return {
        way: 'port_forwarding',
        address,
        own: own.find(({ ip_address }) => ip_address === internal) ?? own[0],
        router: router_id ?? 'any',
        lets,
        why: `floating IP ${address} leads to port ${port.id}`,
      };
    }),
  ];

  const direct = (port: Port, own: OwnAddress, version: 4 | 6): Found[] => {
    const address = own.ip_address;
    const base = { address, own };
    if (external.has(port.network_id)) {
      const why = `port ${port.id} has ${address} on an external network`;
      return [{ ...base, way: 'external_network', router: 'none', why }];
    }
    return (doors.get(port.network_id) ?? [])
      .filter((door) => door.translates !== version && door.isOf(own.subnet_id))
      .map(({ router }) => ({
        ...base,
        way: 'routed',
        router,
        why: `router ${router} routes to ${address} of port ${port.id}, untranslated`,
      }));
  };

  const toItself = (port: Port, { version }: Family): readonly Found[] => {
    const own = port.fixed_ips.filter((one) => parsePrefix(one.ip_address)?.version === version);
    return [
      ...(version === 4 ? translated(port, own) : []),
      ...own.flatMap((one) => direct(port, one, version)),
    ];
  };

  const takenBy = takenAddresses(ports.value, ({ id }) => byPort.has(id) || forwarded.has(id));
  const toTaken = (port: Port, family: Family): readonly Found[] =>
    takenBy(port).flatMap(({ of, address }) =>
      toItself(of, family)
        .filter(({ own }) => own?.ip_address === address)
        .map((found) => ({
          ...found,
          why: `${found.why}, whose address ${address} port ${port.id} may take (allowed_address_pairs)`,
        })),
    );

  return { to: (port, family) => [...toItself(port, family), ...toTaken(port, family)] };
}
