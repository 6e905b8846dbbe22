import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';
import { isRouterInterface } from './router-interfaces.ts';

/**
 * Of a port on a physical network (flat, VLAN) in which no router of this cloud is: what its gateway is, and what leads there,
 * is the business of switches and routers that Neutron does not know. In words; `undefined` of any other.
 */
export function foreignGateways({
  networks,
  ports,
}: SecurityGroupSnapshot): (port: Port) => string | undefined {
  const physical = new Map(
    networks.value.flatMap(({ id, segments = [], ...network }) => {
      const names = [network, ...segments].flatMap((segment) => segment['provider:physical_network'] ?? []);
      return names.length === 0 ? [] : [[id, names.join(', ')] as const];
    }),
  );
  const routed = new Set(ports.value.filter(isRouterInterface).map(({ network_id }) => network_id));
  return ({ network_id }) => {
    const name = physical.get(network_id);
    return name === undefined || routed.has(network_id)
      ? undefined
      : `network ${network_id} is on physical network ${name}, where no router of this cloud is`;
  };
}
