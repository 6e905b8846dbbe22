import type { Cloud, Observed } from '@groundcrew/core';
import type { ReadOptions } from '@groundcrew/ground';
import { gather } from '../../gather.ts';
import type { FloatingIp } from '../snapshot/snapshot.ts';

type Forwarding = NonNullable<FloatingIp['port_forwardings']>[number];

/**
 * Tells of forwarded ports what a floating IP itself does not say: in older releases (Victoria's is one) not to which port
 * they lead, and to this day not which ports a range has (Neutron's `pf_plugin.py`, `_extend_floatingip_dict`). One request
 * for each floating IP that lacks something. Where there is `floating-ip-port-forwarding` without
 * `expose-port-forwarding-in-fip` (neutron-lib, api/definitions), no floating IP tells of any.
 */
export async function withForwardings<T extends FloatingIp>(
  cloud: Cloud,
  floatingIps: Observed<readonly T[]>,
  extensions: Observed<readonly string[]> | undefined,
  read: ReadOptions,
): Promise<Observed<readonly T[]>> {
  const mayForward =
    extensions?.completeness !== 'complete' || extensions.value.includes('floating-ip-port-forwarding');
  const lacking = floatingIps.value.filter(
    (floatingIp) =>
      floatingIp.port_forwardings?.some(lacks) ?? (tellsNoForwardings(floatingIp) && mayForward),
  );
  if (lacking.length === 0) return floatingIps;
  const told = await gather(
    cloud,
    floatingIps.source,
    { ...floatingIps, value: lacking },
    async (floatingIp) => {
      const list = cloud.network.portForwardings.list({ floatingip_id: floatingIp.id }, read);
      return [{ ...floatingIp, port_forwardings: await Array.fromAsync(list) }];
    },
    ({ floating_ip_address: address }) => `forwarded ports of floating IP ${address}`,
  );
  const byId = new Map(told.value.map((floatingIp) => [floatingIp.id, floatingIp]));
  return {
    ...floatingIps,
    value: floatingIps.value.map((floatingIp) => byId.get(floatingIp.id) ?? floatingIp),
    completeness: byId.size < lacking.length ? 'partial' : floatingIps.completeness,
    gaps: told.gaps,
  };
}

/** One that leads to no port itself may forward ports (neutron, services/portforwarding), and this one does not say. */
export const tellsNoForwardings = ({ port_forwardings, port_id }: FloatingIp): boolean =>
  port_forwardings === undefined && port_id === null;

const lacks = (forwarding: Forwarding): boolean =>
  forwarding.internal_port_id === undefined ||
  (forwarding.internal_port ?? forwarding.internal_port_range ?? null) === null;
