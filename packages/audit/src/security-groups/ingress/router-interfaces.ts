import type { Port } from '../observe.ts';

/** Owners of ports by which routers are in networks (neutron-lib `constants.py`, `ROUTER_INTERFACE_OWNERS`). */
const owners: ReadonlySet<string> = new Set([
  'network:router_interface',
  'network:ha_router_replicated_interface',
  'network:router_interface_distributed',
]);

/** Is it a router's door to a network? */
export const isRouterInterface = ({ device_owner }: Pick<Port, 'device_owner'>): boolean =>
  owners.has(device_owner);
