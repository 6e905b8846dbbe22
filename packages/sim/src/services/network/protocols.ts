import { badRequest } from '../../fault.ts';

/**
 * Protocols that a rule may name, with their numbers (neutron-lib `constants.py`, `IP_PROTOCOL_MAP`, and the names that Neutron
 * keeps for IPv6's ICMP). Asked of a Neutron of Zed, each.
 */
const NUMBERS: Readonly<Record<string, number>> = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ip: 0,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  tcp: 6,
  udp: 17,
  udplite: 136,
  vrrp: 112,
};

const ONLY_IPV6 = ['icmpv6', 'ipv6-encap', 'ipv6-frag', 'ipv6-icmp', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route'];
const ONLY_IPV6_NUMBERS = new Set(ONLY_IPV6.map((name) => NUMBERS[name]));

/** The number of a protocol: `tcp` and `6` are the same protocol, and two rules with them are the same rule. */
export const numberOf = (protocol: string): number | undefined => {
  if (Object.hasOwn(NUMBERS, protocol)) return NUMBERS[protocol];
  return /^\d{1,3}$/.test(protocol) && Number(protocol) <= 255 ? Number(protocol) : undefined;
};

/**
 * A protocol as Neutron keeps it: in small letters, and ICMP of IPv6 under its own name, whichever was asked for
 * (`neutron/db/securitygroups_db.py`, `_make_canonical_ipv6_icmp_protocol`).
 */
export function canonical(asked: string, ethertype: string): string {
  const protocol = asked.toLowerCase();
  const number = numberOf(protocol);
  if (number === undefined) {
    throw badRequest(
      `Security group rule protocol ${asked} not supported. Only protocol values [None, ${Object.keys(NUMBERS)
        .map((name) => `'${name}'`)
        .join(', ')}] and integer representations [0 to 255] are supported.`,
      'SecurityGroupRuleInvalidProtocol',
    );
  }
  if (ethertype === 'IPv4' && (ONLY_IPV6.includes(protocol) || ONLY_IPV6_NUMBERS.has(number))) {
    throw badRequest(
      `Invalid ethertype ${ethertype} for protocol ${asked}.`,
      'SecurityGroupEthertypeConflictWithProtocol',
    );
  }
  return ethertype === 'IPv6' && (protocol === 'icmp' || protocol === 'icmpv6') ? 'ipv6-icmp' : protocol;
}
