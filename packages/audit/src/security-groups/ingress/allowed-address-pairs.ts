import { type Prefix, parsePrefix } from '../addresses/cidr.ts';
import type { Port } from '../snapshot/snapshot.ts';

/** An address of another port that a port may take. */
export interface PairedAddress {
  readonly of: Port;
  readonly address: string;
}

/** Devices that answer for the addresses of their ports themselves. */
const HOLDS = /^(?:compute|network|baremetal|trunk):/;

/**
 * The addresses of others that a port may take (`allowed_address_pairs`): a path to a virtual address leads to the port
 * that has taken it, and the rules of that port's groups apply. So stand load balancers (Octavia's amphorae) and pairs
 * with keepalived.
 *
 * An address that is named may be anybody's: somebody said that it may be taken. A whole prefix is allowed to machines that
 * route, and says nothing of addresses that a device holds.
 *
 * @param isLedTo of the addresses in prefixes, those that count
 */
export function pairedAddresses(
  ports: readonly Port[],
  isLedTo: (port: Port) => boolean,
): (port: Port) => readonly PairedAddress[] {
  const byAddress = new Map<string, PairedAddress>();
  const virtual = new Map<string, (PairedAddress & { readonly at: Prefix })[]>();
  for (const of of ports) {
    for (const { ip_address: address } of of.fixed_ips) {
      const at = parsePrefix(address);
      if (at === undefined) continue;
      byAddress.set(keyOf(of.network_id, at), { of, address });
      if (HOLDS.test(of.device_owner) || !isLedTo(of)) continue;
      const known = virtual.get(of.network_id);
      if (known === undefined) virtual.set(of.network_id, [{ of, address, at }]);
      else known.push({ of, address, at });
    }
  }
  return (port) => {
    const found = new Map<string, PairedAddress>();
    // These add paths and take none away: a port that does not show them has those of its own address.
    for (const { ip_address: text } of port.allowed_address_pairs ?? []) {
      const pair = parsePrefix(text);
      if (pair === undefined) continue;
      const some =
        pair.first === pair.last
          ? [byAddress.get(keyOf(port.network_id, pair))]
          : (virtual.get(port.network_id) ?? []).filter(({ at }) => covers(pair, at));
      for (const paired of some)
        if (paired !== undefined && paired.of.id !== port.id) found.set(paired.address, paired);
    }
    return [...found.values()];
  };
}

const keyOf = (network: string, { version, first }: Prefix): string => `${network} ${version} ${first}`;

const covers = (prefix: Prefix, { version, first }: Prefix): boolean =>
  prefix.version === version && prefix.first <= first && first <= prefix.last;
