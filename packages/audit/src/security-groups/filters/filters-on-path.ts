import type { Family } from '../addresses/address-family.ts';
import type { OwnAddress } from '../ingress/ingress-paths.ts';
import { isRouterInterface } from '../ingress/router-interfaces.ts';
import type { SecurityGroupSnapshot, FirewallGroup, Port } from '../snapshot/snapshot.ts';
import { type FirewallGroupFilter, filterOfFirewallGroup } from './firewall-group.ts';
import { UNSEEN, type PacketFilter } from './packet-filter.ts';

/** The firewall groups of a snapshot, by the ports on which they filter. */
export interface FiltersOnPath {
  /** The filters between the outside and a port: on the port itself, and on the router interface in front of it. */
  readonly to: (
    port: Port,
    own: OwnAddress | undefined,
    router: string,
    family: Family,
  ) => readonly PacketFilter[];
}

/** Firewall groups filter on ports of servers and on router interfaces, and nowhere else (`fwaas_plugin_v2.py`). */
export function findFilters({
  firewallGroups,
  ports,
  routers,
  extensions,
}: SecurityGroupSnapshot): FiltersOnPath {
  const byPort = new Map(
    firewallGroups.value.flatMap((group) => (group.ports ?? []).map((port) => [port, group] as const)),
  );
  // `get_router:distributed` is for administrators (neutron/conf/policies/router.py): a router that does not show it may be
  // distributed, and so may one that is in no list, unless no router of this Neutron can be (neutron-lib, api/definitions/dvr.py).
  const canBeDistributed = extensions?.completeness !== 'complete' || extensions.value.includes('dvr');
  const central = new Set(
    routers.value
      .filter(({ distributed }) => distributed === false || (!canBeDistributed && distributed !== true))
      .map(({ id }) => id),
  );
  const distributed = new Set(
    routers.value.filter((router) => router.distributed === true).map(({ id }) => id),
  );
  const interfaces = Map.groupBy(
    ports.value.filter((port) => byPort.has(port.id) && isRouterInterface(port)),
    ({ network_id }) => network_id,
  );
  const { completeness, value } = firewallGroups;
  // The ports tell which of them are router interfaces.
  const isUnseen =
    !['complete', 'unsupported'].includes(completeness) ||
    // A group that does not show its ports may filter on any.
    value.some((group) => group.ports === undefined) ||
    (value.length > 0 && ports.completeness !== 'complete');
  const filters = {
    4: new Map<FirewallGroup, FirewallGroupFilter>(),
    6: new Map<FirewallGroup, FirewallGroupFilter>(),
  };
  function filterAt(port: Port, own: OwnAddress | undefined, family: Family): PacketFilter | undefined {
    const group = byPort.get(port.id);
    if (group === undefined) return undefined;
    const known = filters[family.version].get(group);
    const firewall = known ?? filterOfFirewallGroup(group, family);
    if (known === undefined) filters[family.version].set(group, firewall);
    return firewall(own?.ip_address);
  }
  const doubtful = new Map<PacketFilter, Map<string, PacketFilter>>();
  /** A filter that may apply or not. */
  function doubt(filter: PacketFilter, why: string): PacketFilter {
    const byReason = doubtful.get(filter) ?? new Map<string, PacketFilter>();
    doubtful.set(filter, byReason);
    const uncertain = byReason.get(why) ?? { ...filter, lets: undefined, why: `${filter.why}, ${why}` };
    byReason.set(why, uncertain);
    return uncertain;
  }
  return {
    to(port, own, router, family) {
      const atPort = filterAt(port, own, family);
      const atInterfaces = (interfaces.get(port.network_id) ?? []).flatMap(
        (routerInterface): PacketFilter[] => {
          const id = routerInterface.device_id;
          if (routerInterface === port || (router !== 'any' && router !== id)) return [];
          if (
            own !== undefined &&
            !routerInterface.fixed_ips.some(({ subnet_id }) => subnet_id === own.subnet_id)
          )
            return [];
          const filter = filterAt(routerInterface, own, family);
          if (filter === undefined) return [];
          // There may be other router interfaces, on which none filters.
          if (router === 'any' || own === undefined)
            return [doubt(filter, `if the path leads through router ${id}`)];
          if (central.has(id)) return [filter];
          // Of a distributed router upstream's driver filters other devices than those of the port.
          return [
            doubt(
              filter,
              distributed.has(id)
                ? `on distributed router ${id}: may filter it or not`
                : `on router ${id}, which may be distributed: may filter it or not`,
            ),
          ];
        },
      );
      return [atPort ?? [], atInterfaces, isUnseen ? UNSEEN : []].flat();
    },
  };
}
