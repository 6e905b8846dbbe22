import type { AuditSnapshot, Port } from '../snapshot/snapshot.ts';

/** Owners of ports by which routers are in networks (neutron-lib `constants.py`, `ROUTER_INTERFACE_OWNERS`). */
const owners: ReadonlySet<string> = new Set([
  'network:router_interface',
  'network:ha_router_replicated_interface',
  'network:router_interface_distributed',
]);

/** Is it a router's door to a network? */
export const isRouterInterface = ({ device_owner }: Pick<Port, 'device_owner'>): boolean =>
  owners.has(device_owner);

/** Where a router that leads outside is in a network. */
export interface Door {
  readonly router: string;
  /** The family whose addresses it hides behind its own. */
  readonly translates: 4 | undefined;
  readonly isOf: (subnet: string) => boolean;
}

export function doorsOf({ ports, routers }: AuditSnapshot): ReadonlyMap<string, readonly Door[]> {
  const outside = new Map(
    routers.value.flatMap(({ id, external_gateway_info: gateway }) =>
      gateway === null || gateway === undefined ? [] : [[id, gateway] as const],
    ),
  );
  const doors = new Map<string, Door[]>();
  for (const port of ports.value) {
    const gateway = isRouterInterface(port) ? outside.get(port.device_id) : undefined;
    if (gateway === undefined) continue;
    const subnets = new Set(port.fixed_ips.map(({ subnet_id }) => subnet_id));
    const door: Door = {
      router: port.device_id,
      translates: gateway.enable_snat === false ? undefined : 4,
      isOf: (subnet) => subnets.size === 0 || subnets.has(subnet),
    };
    const known = doors.get(port.network_id);
    if (known === undefined) doors.set(port.network_id, [door]);
    else known.push(door);
  }
  return doors;
}
