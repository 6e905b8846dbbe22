import { ipv4 } from '../addresses/address-family.ts';
import type { FloatingIp } from '../snapshot/snapshot.ts';
import type { Reach } from '../reach/rule-reach.ts';
import { portSpan } from '../reach/port-span.ts';
import { protocolOf } from '../reach/protocols.ts';
import { describeReach } from '../reach/describe-reach.ts';

type Forwarding = NonNullable<FloatingIp['port_forwardings']>[number];

/** The reach that one place on a path carries. */
export interface CarriedReach {
  /** The parts that come through, each by itself; `undefined` if that is not known. */
  readonly lets: readonly Reach[] | undefined;
  /** `it forwards TCP 22`. */
  readonly why: string;
}

/** Ports of a floating IP that lead to one address of a port. */
export interface ForwardedPorts {
  readonly floatingIp: FloatingIp;
  /** The port's own address that they lead to. */
  readonly internal: string | undefined;
  /** The reach that is forwarded; anything else does not come through. */
  readonly lets: CarriedReach;
}

/** The reach that port forwardings carry, by the port that they lead to. */
export function portForwardings(
  floatingIps: readonly FloatingIp[],
): ReadonlyMap<string, readonly ForwardedPorts[]> {
  const all = floatingIps.flatMap((floatingIp) => {
    // Forwardings that are not told are asked for before (`withForwardings`), or a gap; one without a port leads to none, and is doubtful (`carriedBy`).
    const alike = Map.groupBy(
      floatingIp.port_forwardings ?? [],
      ({ internal_port_id: port = '', internal_ip_address: internal = '' }) => `${port} ${internal}`,
    );
    return [...alike.values()].map((some) => ({
      port: some[0]?.internal_port_id ?? '',
      forwarded: { floatingIp, internal: some[0]?.internal_ip_address, lets: carriedBy(some) },
    }));
  });
  return new Map(
    [...Map.groupBy(all, ({ port }) => port)].map(([port, some]) => [
      port,
      some.map(({ forwarded }) => forwarded),
    ]),
  );
}

function carriedBy(forwardings: readonly Forwarding[]): CarriedReach {
  const reaches = forwardings.flatMap((forwarding) => reachOf(forwarding) ?? []);
  return reaches.length === forwardings.length
    ? { lets: reaches, why: `it forwards ${reaches.map(describeReach).join(', ')}` }
    : { lets: undefined, why: 'which ports it forwards could not be seen' };
}

/** From everywhere: whoever comes to a floating IP keeps the own address. `undefined` if it is not told. */
function reachOf({ protocol, internal_port, internal_port_range }: Forwarding): Reach | undefined {
  const known = protocol === undefined ? undefined : protocolOf(protocol, ipv4);
  const ports = portSpan(internal_port_range ?? internal_port?.toString() ?? '');
  return known === undefined || ports === undefined
    ? undefined
    : { protocol: known, ...ports, sources: ipv4.everything };
}
