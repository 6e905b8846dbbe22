import type { Family } from '../addresses/address-family.ts';
import type { OwnAddress } from '../ingress/ingress-paths.ts';
import { isRouterInterface } from '../ingress/router-interfaces.ts';
import type { AuditSnapshot, FirewallGroup, Port } from '../snapshot/snapshot.ts';
import { type Firewall, firewallOf } from './firewall-group.ts';
import { UNSEEN, type Wall } from './packet-filter.ts';

/** The firewall groups of a snapshot, by where they stand. */
export interface Walls {
  /** Those between the world and a port: on its own port, and on the router's in front of it. */
  readonly on: (port: Port, own: OwnAddress | undefined, router: string, family: Family) => readonly Wall[];
}

/** Firewall groups stand on ports of servers, and on the doors of routers; nowhere else (`fwaas_plugin_v2.py`). */
export function wallsOf({ firewallGroups, ports, routers }: AuditSnapshot): Walls {
  const byPort = new Map(
    firewallGroups.value.flatMap((group) => (group.ports ?? []).map((port) => [port, group] as const)),
  );
  const distributed = new Set(routers.value.filter((one) => one.distributed === true).map(({ id }) => id));
  const interfaces = Map.groupBy(
    ports.value.filter((one) => byPort.has(one.id) && isRouterInterface(one)),
    ({ network_id }) => network_id,
  );
  const { completeness, value } = firewallGroups;
  // On which ports of routers they stand is told by the ports.
  const isUnseen =
    !['complete', 'unsupported'].includes(completeness) ||
    // A group that does not show its ports may stand on any.
    value.some((group) => group.ports === undefined) ||
    (value.length > 0 && ports.completeness !== 'complete');
  const walls = { 4: new Map<FirewallGroup, Firewall>(), 6: new Map<FirewallGroup, Firewall>() };
  function wallAt(port: Port, own: OwnAddress | undefined, family: Family): Wall | undefined {
    const group = byPort.get(port.id);
    if (group === undefined) return undefined;
    const known = walls[family.version].get(group);
    const firewall = known ?? firewallOf(group, family);
    if (known === undefined) walls[family.version].set(group, firewall);
    return firewall(own?.ip_address);
  }
  const doubted = new Map<Wall, Map<string, Wall>>();
  /** A wall that may stand there or not. */
  function doubt(wall: Wall, why: string): Wall {
    const some = doubted.get(wall) ?? new Map<string, Wall>();
    doubted.set(wall, some);
    const one = some.get(why) ?? { ...wall, lets: undefined, why: `${wall.why}, ${why}` };
    some.set(why, one);
    return one;
  }
  return {
    on(port, own, router, family) {
      const atPort = wallAt(port, own, family);
      const atDoors = (interfaces.get(port.network_id) ?? []).flatMap((door): Wall[] => {
        const id = door.device_id;
        if (door === port || (router !== 'any' && router !== id)) return [];
        if (own !== undefined && !door.fixed_ips.some(({ subnet_id }) => subnet_id === own.subnet_id))
          return [];
        const wall = wallAt(door, own, family);
        if (wall === undefined) return [];
        // There may be other doors, on which none stands.
        if (router === 'any' || own === undefined) return [doubt(wall, `if the way is by router ${id}`)];
        // Upstream's driver then filters other devices than those of the port.
        if (distributed.has(id)) return [doubt(wall, `on distributed router ${id}: may filter it or not`)];
        return [wall];
      });
      return [atPort ?? [], atDoors, isUnseen ? UNSEEN : []].flat();
    },
  };
}
