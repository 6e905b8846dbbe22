import { type AddressSet, nothing } from '../addresses/address-set.ts';
import { parsePrefix } from '../addresses/cidr.ts';
import type { Family } from '../addresses/address-family.ts';
import type { Expansion } from '../snapshot/expansion.ts';
import type { SecurityGroupRule } from '../snapshot/snapshot.ts';
import { type Protocol, protocolOf } from './protocols.ts';

/** The ports of a protocol that some addresses reach. */
export interface Reach {
  readonly protocol: Protocol;
  /** The ports; of ICMP `type * 256 + code`. All are 0 to 65535. */
  readonly first: number;
  readonly last: number;
  readonly sources: AddressSet;
}

/** The reach of one rule. */
export interface RuleReach extends Reach {
  readonly rule: SecurityGroupRule;
  /** With `doubt`: those that are known, at the least. */
  readonly sources: AddressSet;
  /** The reason why the rule lets in more than is known here. */
  readonly doubt: string | undefined;
}

const LAST = 65_535;

/** The direction of a rule: rules of one say nothing about the other. */
export type Direction = 'ingress' | 'egress';

const DIRECTIONS: ReadonlySet<string> = new Set(['ingress', 'egress']);
const ETHERTYPES: ReadonlySet<string> = new Set(['IPv4', 'IPv6']);

/**
 * Computes the reach that a rule lets in (or out) in a family; `undefined` if the rule is of the other family or
 * direction.
 */
export function reachOfRule(
  rule: SecurityGroupRule,
  family: Family,
  expansion: Expansion,
  direction: Direction = 'ingress',
): RuleReach | undefined {
  // Neutron knows two words for each (neutron-lib, constants.py); another may be of this direction, and of this family.
  if (rule.direction !== direction && DIRECTIONS.has(rule.direction)) return undefined;
  const { ethertype } = rule;
  if (ethertype !== null && ethertype !== family.name && ETHERTYPES.has(ethertype)) return undefined;
  const isOdd = rule.direction !== direction || ethertype !== family.name;
  const protocol = protocolOf(rule.protocol, family);
  const span = protocol === undefined ? undefined : spanOf(rule, protocol, family);
  if (protocol === undefined || span === undefined || isOdd) {
    const doubt = `rule ${rule.id} is of a form that is not known here`;
    return { rule, protocol: 'any', first: 0, last: LAST, sources: nothing, doubt };
  }
  return { rule, protocol, ...span, ...sourcesOf(rule, family, expansion) };
}

/** The most that rules can let in: those with a doubt let in everybody. */
export const worstCase = (rules: readonly RuleReach[], family: Family): readonly RuleReach[] =>
  rules.map((rule) => (rule.doubt === undefined ? rule : { ...rule, sources: family.everything }));

/**
 * The ports of a rule. For ICMP Neutron keeps type and code in the fields of the ports; port 0 is no port, so 1 to
 * 65535 is all.
 */
function spanOf(
  { port_range_min: min, port_range_max: max }: SecurityGroupRule,
  protocol: Protocol,
  family: Family,
): { first: number; last: number } | undefined {
  if (min === null && max === null) return { first: 0, last: LAST };
  // Neutron refuses it: ports need a protocol.
  if (protocol === 'any') return undefined;
  if (protocol !== family.icmp) return { first: min === null || min <= 1 ? 0 : min, last: max ?? LAST };
  // Neutron refuses a code without a type.
  if (min === null) return undefined;
  return max === null
    ? { first: min * 256, last: min * 256 + 255 }
    : { first: min * 256 + max, last: min * 256 + max };
}

type Sources = Pick<RuleReach, 'sources' | 'doubt'>;

/** Null in all fields is everybody. */
function sourcesOf(rule: SecurityGroupRule, family: Family, expansion: Expansion): Sources {
  const { remote_address_group_id: addressGroup, remote_group_id: group } = rule;
  if (addressGroup !== null && addressGroup !== undefined) {
    const sources = expansion.addressGroup(addressGroup, family);
    const unseen = `rule ${rule.id} lets in address group ${addressGroup}, whose addresses were not seen`;
    return sources === undefined ? { sources: nothing, doubt: unseen } : sure(sources);
  }
  if (group !== null) {
    const { sources, all } = expansion.members(group, family);
    const unseen = `rule ${rule.id} lets in the members of group ${group}, which is not expanded further than to the ports that were seen`;
    return { sources, doubt: all ? undefined : unseen };
  }
  const text = rule.remote_ip_prefix ?? rule.normalized_cidr ?? null;
  if (text === null) return sure(family.everything);
  const prefix = parsePrefix(text);
  if (prefix === undefined)
    return { sources: nothing, doubt: `rule ${rule.id} lets in ${text}, which is no prefix` };
  return sure(prefix.version === family.version ? [{ first: prefix.first, last: prefix.last }] : nothing);
}

const sure = (sources: AddressSet): Sources => ({ sources, doubt: undefined });
