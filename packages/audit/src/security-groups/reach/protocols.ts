import type { Family } from '../addresses/address-family.ts';

/** Names that Neutron takes for protocols, by number (neutron-lib `constants.py`, `IP_PROTOCOL_MAP`). */
const numbers: Readonly<Record<string, number>> = {
  hopopt: 0,
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  egp: 8,
  udp: 17,
  dccp: 33,
  'ipv6-encap': 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  ospf: 89,
  vrrp: 112,
  pgm: 113,
  sctp: 132,
  udplite: 136,
};

/** A rule's protocol: a number, or any. */
export type Protocol = number | 'any';

/**
 * Reads a rule's protocol, which Neutron stores as it was written: by name or by number in text. Null is any. So is
 * 0: to iptables it is the absence of a protocol (`neutron/agent/linux/iptables_firewall.py`); other drivers may let
 * less through. ICMP of an IPv6 rule is ICMPv6, by whichever name. `undefined` if it is none.
 */
export function protocolOf(text: string | null, family: Family): Protocol | undefined {
  if (text === null || text.toLowerCase() === 'any') return 'any';
  const name = text.toLowerCase();
  const named = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  const number = named ?? (/^\d{1,3}$/.test(text) ? Number(text) : 256);
  if (number > 255) return undefined;
  if (number === 0) return 'any';
  return family.version === 6 && number === 1 ? family.icmp : number;
}
