import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';

/** Owners of ports by which routers are in networks (neutron-lib `constants.py`, `ROUTER_INTERFACE_OWNERS`). */
const owners: ReadonlySet<string> = new Set([
  'network:router_interface',
  'network:ha_router_replicated_interface',
  'network:router_interface_distributed',
]);

/** Tells whether a port is a router's interface in a network. */
export const isRouterInterface = ({ device_owner }: Pick<Port, 'device_owner'>): boolean =>
  owners.has(device_owner);

/** The interface, in a network, of a router that leads outside. */
export interface RouterInterface {
  readonly router: string;
  /** The family whose addresses it hides behind its own. */
  readonly translates: 4 | undefined;
  readonly isOf: (subnet: string) => boolean;
}

/** Finds the interfaces of routers that lead outside, by their network. */
export function routerInterfaces({
  ports,
  routers,
}: SecurityGroupSnapshot): ReadonlyMap<string, readonly RouterInterface[]> {
  const outside = new Map(
    routers.value.flatMap(({ id, external_gateway_info: gateway }) =>
      gateway === null || gateway === undefined ? [] : [[id, gateway] as const],
    ),
  );
  const interfaces = new Map<string, RouterInterface[]>();
  for (const port of ports.value) {
    const gateway = isRouterInterface(port) ? outside.get(port.device_id) : undefined;
    if (gateway === undefined) continue;
    const subnets = new Set(port.fixed_ips.map(({ subnet_id }) => subnet_id));
    const routerInterface: RouterInterface = {
      router: port.device_id,
      // Neutron translates unless it is told not to, and hides no part of a gateway from whoever sees it: policies of answers are
      // of whole fields (neutron-lib, api/definitions/l3_ext_gw_mode.py; neutron/pecan_wsgi/hooks/policy_enforcement.py).
      translates: gateway.enable_snat === false ? undefined : 4,
      isOf: (subnet) => subnets.size === 0 || subnets.has(subnet),
    };
    const known = interfaces.get(port.network_id);
    if (known === undefined) interfaces.set(port.network_id, [routerInterface]);
    else known.push(routerInterface);
  }
  return interfaces;
}
