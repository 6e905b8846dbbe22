import type { PacketFilter } from './packet-filter.ts';
import { type AddressSet, difference, intersection, merged, nothing } from '../addresses/address-set.ts';
import { parsePrefix } from '../addresses/cidr.ts';
import type { Family } from '../addresses/address-family.ts';
import type { FirewallGroup, FirewallRule } from '../snapshot/snapshot.ts';
import type { Reach } from '../reach/rule-reach.ts';
import { portSpan } from '../reach/port-span.ts';
import { protocolOf } from '../reach/protocols.ts';

const LAST = 65_535;
const TCP = 6;
const UDP = 17;
/** Rules of one policy that are judged: three times the usual quota of a project. More would let a tenant make it slow. */
const JUDGED = 300;
/** Stands for all protocols that are neither TCP, UDP nor ICMP: IANA keeps this one free. */
const OTHERS = 255;

/** The packet filter that a firewall group is to each address behind it; `undefined` if it filters nothing. */
export type FirewallGroupFilter = (address: string | undefined) => PacketFilter | undefined;

/**
 * Makes the packet filter of a firewall group of FWaaS v2. Its ingress is what leaves the router towards the network, after
 * translation (neutron-fwaas, `iptables_fwaas_v2.py`: `-o` of the interface, in FORWARD), so that a rule's destination is
 * the fixed address. The first rule that matches decides; what none matches is dropped.
 *
 * Addresses that the same rules concern share one filter, worked out once: of n rules there are at most 2n + 1, however many
 * servers are behind it.
 */
export function filterOfFirewallGroup(group: FirewallGroup, family: Family): FirewallGroupFilter {
  const { id, status, admin_state_up, ingress_firewall_policy_id: policy } = group;
  const known = (lets: PacketFilter['lets'], why: string): FirewallGroupFilter => {
    const filter = { group: id, lets, why: `firewall group ${id} ${why}` };
    return () => filter;
  };
  // Without any policy it is never sent to an agent (`agents.py`, `create_firewall_group_precommit`).
  if (status === 'INACTIVE' && policy === null && group.egress_firewall_policy_id === null)
    return () => undefined;
  if (!admin_state_up || status !== 'ACTIVE')
    return known(undefined, `is ${status}, and may filter it or not`);
  if (policy === null) return known([], 'lets nothing in: it has no ingress policy');
  if (group.ingress_rules === undefined)
    return known(undefined, `filters it, by policy ${policy}, whose rules were not all seen`);
  const matches = matchesOf(group.ingress_rules, family);
  if (typeof matches === 'string') return known(undefined, `filters it, and ${matches}`);
  const judge = (some: readonly Match[]): FirewallGroupFilter =>
    some.length > JUDGED
      ? known(undefined, `filters it, and has ${some.length} rules, more than are judged`)
      : known(letIn(some, family), `filters it, by policy ${policy}`);
  const judged = new Map<string, FirewallGroupFilter>();
  return (address) => {
    const own = address === undefined ? undefined : prefixOf(address, family);
    const some = matches.filter(({ to }) => to === undefined || (own !== undefined && meet(own, to)));
    const strange = own === undefined ? matches.find(({ to }) => to !== undefined) : undefined;
    if (strange !== undefined)
      return known(
        undefined,
        `filters it, and its rule ${strange.rule} is about an address that was not seen`,
      )(address);
    const key = some.map(({ rule }) => rule).join(' ');
    const filter = judged.get(key) ?? judge(some);
    judged.set(key, filter);
    return filter(address);
  };
}

/** An enabled rule of a family. */
interface Match extends Reach {
  readonly rule: string;
  readonly allows: boolean;
  /** The addresses that it is about. @default all */
  readonly to: AddressSet | undefined;
}

/** The rules that can decide something; or why that is not known. */
function matchesOf(rules: readonly FirewallRule[], family: Family): readonly Match[] | string {
  const matches: Match[] = [];
  for (const rule of rules) {
    if (!rule.enabled || rule.ip_version !== family.version) continue;
    const match = matchOf(rule, family);
    if (match === undefined) return `its rule ${rule.id} is of a form that is not known here`;
    // A client chooses its source port: an allowed one lets it in, a denied one keeps nobody out.
    if (match.allows || rule.source_port === null) matches.push(match);
  }
  return matches;
}

/** `undefined` for a form that is not known. */
function matchOf(rule: FirewallRule, family: Family): Match | undefined {
  const allows = rule.action === 'allow';
  if (!allows && rule.action !== 'deny' && rule.action !== 'reject') return undefined;
  const protocol = protocolOf(rule.protocol, family);
  const hasPorts = protocol === TCP || protocol === UDP;
  const ports = hasPorts ? portSpan(rule.destination_port) : portSpan(null);
  const sources = prefixOf(rule.source_ip_address, family);
  const destinations = prefixOf(rule.destination_ip_address, family);
  // Neutron refuses ports without a protocol that has them; the driver would pass over them.
  const isOdd = !hasPorts && (rule.destination_port ?? rule.source_port) !== null;
  if (protocol === undefined || ports === undefined || isOdd) return undefined;
  if (sources === undefined || destinations === undefined) return undefined;
  const to = rule.destination_ip_address === null ? undefined : destinations;
  return { rule: rule.id, allows, protocol, ...ports, sources, to };
}

const meet = (a: AddressSet, b: AddressSet): boolean => intersection(a, b).length > 0;

const letIn = (matches: readonly Match[], family: Family): readonly Reach[] =>
  [TCP, UDP, family.icmp, OTHERS].flatMap((protocol) => reachOfProtocol(matches, protocol, family));

/** The first that matches decides, port by port. */
function reachOfProtocol(matches: readonly Match[], protocol: number, family: Family): Reach[] {
  const some = matches.filter((match) => match.protocol === 'any' || match.protocol === protocol);
  const bounds = [...new Set([0, ...some.flatMap(({ first, last }) => [first, last + 1])])]
    .filter((bound) => bound <= LAST)
    .toSorted((a, b) => a - b);
  return bounds.flatMap((first, index) => {
    const last = (bounds[index + 1] ?? LAST + 1) - 1;
    const sources = decided(
      some.filter((match) => match.first <= first && last <= match.last),
      family,
    );
    return sources.length === 0 ? [] : [{ protocol, first, last, sources }];
  });
}

function decided(matches: readonly Match[], family: Family): AddressSet {
  const allowed: AddressSet[] = [];
  let open = family.everything;
  for (const { allows, sources } of matches) {
    if (open.length === 0) break;
    if (allows) allowed.push(intersection(open, sources));
    open = difference(open, sources);
  }
  return merged(allowed.flat());
}

function prefixOf(text: string | null, family: Family): AddressSet | undefined {
  if (text === null) return family.everything;
  const prefix = parsePrefix(text);
  if (prefix === undefined) return undefined;
  return prefix.version === family.version ? [{ first: prefix.first, last: prefix.last }] : nothing;
}
