import { parsePrefix } from '../addresses/cidr.ts';
import type { Family } from '../addresses/address-family.ts';
import { type CarriedReach, portForwardings } from './port-forwardings.ts';
import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';
import { routerInterfaces } from './router-interfaces.ts';
import { pairedAddresses } from './allowed-address-pairs.ts';

/** The means by which a path leads from outside to a port. */
export type IngressPathKind = 'floating_ip' | 'port_forwarding' | 'external_network' | 'routed';

/** One of a port's own addresses. */
export type OwnAddress = Port['fixed_ips'][number];

/** A path from outside to a port. */
export interface IngressPath {
  readonly kind: IngressPathKind;
  /** The address that is reached: the floating one, or its own. */
  readonly address: string;
  /** The port's own address to which the path leads. */
  readonly own: OwnAddress | undefined;
  /** The router on the path; `any`: any with an interface in the port's network; `none`. */
  readonly router: string;
  /** The reach that the path itself carries. @default everything */
  readonly lets?: CarriedReach | undefined;
  readonly why: string;
}

/** The paths of a snapshot. */
export interface IngressPaths {
  readonly to: (port: Port, family: Family) => readonly IngressPath[];
}

/**
 * Finds the paths from outside to a port: a floating IP, a forwarded port, an address on an external network, or one that a router
 * with a gateway outside routes to without translating it (all of IPv6, and IPv4 without SNAT). Whether the outside routes
 * a project's own prefix to that router is not Neutron's to know: it is taken to. What leads to a virtual address leads to
 * the ports that may take it.
 */
export function findIngressPaths(snapshot: SecurityGroupSnapshot): IngressPaths {
  const { floatingIps, networks, ports } = snapshot;
  const byPort = Map.groupBy(floatingIps.value, (floatingIp) => floatingIp.port_id);
  const forwarded = portForwardings(floatingIps.value);
  const external = new Set(
    networks.value.filter((network) => network['router:external'] === true).map(({ id }) => id),
  );
  // Lists that are not whole, and fields that are stripped, make `effective-ports.ts` doubt that there is no path.
  const interfaces = routerInterfaces(snapshot);

  const translated = (port: Port, own: readonly OwnAddress[]): IngressPath[] => [
    ...(byPort.get(port.id) ?? []).map((floatingIp): IngressPath => {
      const address = floatingIp.floating_ip_address;
      return {
        kind: 'floating_ip',
        address,
        own: own.find(({ ip_address }) => ip_address === floatingIp.fixed_ip_address) ?? own[0],
        router: floatingIp.router_id ?? 'any',
        why: `port ${port.id} has the floating IP ${address}`,
      };
    }),
    ...(forwarded.get(port.id) ?? []).map(({ floatingIp, internal, lets }): IngressPath => {
      const { floating_ip_address: address, router_id } = floatingIp;
      return {
        kind: 'port_forwarding',
        address,
        own: own.find(({ ip_address }) => ip_address === internal) ?? own[0],
        router: router_id ?? 'any',
        lets,
        why: `floating IP ${address} leads to port ${port.id}`,
      };
    }),
  ];

  const direct = (port: Port, own: OwnAddress, version: 4 | 6): IngressPath[] => {
    const address = own.ip_address;
    const base = { address, own };
    if (external.has(port.network_id)) {
      const why = `port ${port.id} has ${address} on an external network`;
      return [{ ...base, kind: 'external_network', router: 'none', why }];
    }
    return (interfaces.get(port.network_id) ?? [])
      .filter((router) => router.translates !== version && router.isOf(own.subnet_id))
      .map(({ router }) => ({
        ...base,
        kind: 'routed',
        router,
        why: `router ${router} routes to ${address} of port ${port.id}, untranslated`,
      }));
  };

  const toItself = (port: Port, { version }: Family): readonly IngressPath[] => {
    const own = port.fixed_ips.filter((fixed) => parsePrefix(fixed.ip_address)?.version === version);
    return [
      ...(version === 4 ? translated(port, own) : []),
      ...own.flatMap((fixed) => direct(port, fixed, version)),
    ];
  };

  const pairedWith = pairedAddresses(ports.value, ({ id }) => byPort.has(id) || forwarded.has(id));
  const toPaired = (port: Port, family: Family): readonly IngressPath[] =>
    pairedWith(port).flatMap(({ of, address }) =>
      toItself(of, family)
        .filter(({ own }) => own?.ip_address === address)
        .map((found) => ({
          ...found,
          why: `${found.why}, whose address ${address} port ${port.id} may take (allowed_address_pairs)`,
        })),
    );

  return { to: (port, family) => [...toItself(port, family), ...toPaired(port, family)] };
}
