import type { ReadOptions } from '@groundcrew/ground';
import type { Cloud, Observed } from '@groundcrew/core';
import { gather } from '../gather.ts';
import { ipv4 } from './family.ts';
import type { Wall } from './firewall.ts';
import type { FloatingIp } from './observe.ts';
import type { Reach } from './opening.ts';
import { portSpan } from './port-span.ts';
import { protocolOf } from './protocols.ts';
import { reachWords } from './reach-words.ts';

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
    (one) => one.port_forwardings?.some(lacks) ?? (tellsNoForwardings(one) && mayForward),
  );
  if (lacking.length === 0) return floatingIps;
  const told = await gather(
    cloud,
    floatingIps.source,
    { ...floatingIps, value: lacking },
    async (one) => {
      const list = cloud.network.portForwardings.list({ floatingip_id: one.id }, read);
      return [{ ...one, port_forwardings: await Array.fromAsync(list) }];
    },
    ({ floating_ip_address: address }) => `forwarded ports of floating IP ${address}`,
  );
  const byId = new Map(told.value.map((one) => [one.id, one]));
  return {
    ...floatingIps,
    value: floatingIps.value.map((one) => byId.get(one.id) ?? one),
    completeness: byId.size < lacking.length ? 'partial' : floatingIps.completeness,
    gaps: told.gaps,
  };
}

/** One that leads to no port itself may forward ports (neutron, services/portforwarding), and this one does not say. */
export const tellsNoForwardings = ({ port_forwardings, port_id }: FloatingIp): boolean =>
  port_forwardings === undefined && port_id === null;

const lacks = (one: Forwarding): boolean =>
  one.internal_port_id === undefined || (one.internal_port ?? one.internal_port_range ?? null) === null;

/** Ports of a floating IP that lead to one address of a port. */
export interface Forwarded {
  readonly floatingIp: FloatingIp;
  /** Of its own addresses the one that they lead to. */
  readonly internal: string | undefined;
  /** What is not forwarded does not come through. */
  readonly lets: Wall;
}

/** What is forwarded, by the port that it leads to. */
export function forwardedOf(floatingIps: readonly FloatingIp[]): ReadonlyMap<string, readonly Forwarded[]> {
  const all = floatingIps.flatMap((floatingIp) => {
    // What is not told is asked for before (`withForwardings`), or a gap; one without a port leads to none, and is doubtful (`wallOf`).
    const alike = Map.groupBy(
      floatingIp.port_forwardings ?? [],
      ({ internal_port_id: port = '', internal_ip_address: internal = '' }) => `${port} ${internal}`,
    );
    return [...alike.values()].map((some) => ({
      port: some[0]?.internal_port_id ?? '',
      forwarded: { floatingIp, internal: some[0]?.internal_ip_address, lets: wallOf(some) },
    }));
  });
  return new Map(
    [...Map.groupBy(all, ({ port }) => port)].map(([port, some]) => [
      port,
      some.map(({ forwarded }) => forwarded),
    ]),
  );
}

function wallOf(forwardings: readonly Forwarding[]): Wall {
  const reaches = forwardings.flatMap((one) => reachOf(one) ?? []);
  return reaches.length === forwardings.length
    ? { group: undefined, lets: reaches, why: `it forwards ${reaches.map(reachWords).join(', ')}` }
    : { group: undefined, lets: undefined, why: 'which ports it forwards could not be seen' };
}

/** From everywhere: who comes to a floating IP keeps his address. `undefined` if it is not told. */
function reachOf({ protocol, internal_port, internal_port_range }: Forwarding): Reach | undefined {
  const known = protocol === undefined ? undefined : protocolOf(protocol, ipv4);
  const ports = portSpan(internal_port_range ?? internal_port?.toString() ?? '');
  return known === undefined || ports === undefined
    ? undefined
    : { protocol: known, ...ports, sources: ipv4.everything };
}
