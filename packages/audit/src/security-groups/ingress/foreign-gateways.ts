import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';
import { isRouterInterface } from './router-interfaces.ts';

/**
 * Describes the gateway of a port on a physical network (flat, VLAN) that no router of this cloud is in: its gateway,
 * and the paths to it, belong to switches and routers that Neutron does not know. `undefined` for any other port.
 */
export function foreignGateways({
  networks,
  ports,
}: SecurityGroupSnapshot): (port: Port) => string | undefined {
  // Administrators alone are told the physical network (neutron/conf/policies/network.py), and a Neutron without the extension
  // `provider` has none to tell. To anybody else the list of networks is not whole, which is a doubt by itself.
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
