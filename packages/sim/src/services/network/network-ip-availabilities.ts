import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { type Json, list, record, str } from '../../wire.ts';
import { parseAddress, versionOf } from './addresses.ts';
import { networkMissing } from './networks.ts';
import type { NetworkEntity } from './state.ts';

export const networkIpAvailabilityRoutes: Routes = {
  'GET network-ip-availabilities': admin('rule:get_network_ip_availability', (call) =>
    ok({
      network_ip_availabilities: call.state.network.entities.networks
        .values()
        .map((network) => availability(call, network)),
    }),
  ),
  'GET network-ip-availabilities/{id}': admin('rule:get_network_ip_availability', (call) => {
    const network = call.state.network.entities.networks.get(call.param('id'));
    if (network === undefined) throw networkMissing(call.param('id'));
    return ok({ network_ip_availability: availability(call, network) });
  }),
};

function availability(call: Call, network: NetworkEntity): Json {
  const state = call.state.network;
  const subnets = state.entities.subnets
    .filter((subnet) => subnet['network_id'] === network.id)
    .map((subnet) => {
      const total = list(subnet['allocation_pools']).reduce((sum: number, pool) => {
        const { start, end } = record(pool);
        return sum + Number((parseAddress(str(end)) ?? 0n) - (parseAddress(str(start)) ?? 0n)) + 1;
      }, 0);
      return {
        subnet_id: subnet.id,
        ip_version: versionOf(str(subnet['cidr'])),
        cidr: subnet['cidr'],
        subnet_name: subnet['name'],
        used_ips: state.takenCount(subnet.id),
        total_ips: total,
      };
    });
  return {
    network_id: network.id,
    network_name: network['name'],
    tenant_id: network.project_id,
    project_id: network.project_id,
    subnet_ip_availability: subnets,
    used_ips: subnets.reduce((sum, subnet) => sum + subnet.used_ips, 0),
    total_ips: subnets.reduce((sum, subnet) => sum + subnet.total_ips, 0),
  };
}
