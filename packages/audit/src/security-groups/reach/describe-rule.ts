import { publicShare } from '../addresses/address-family.ts';
import type { Family } from '../addresses/address-family.ts';
import type { RuleReach } from './rule-reach.ts';

/** Describes the reach of a rule, with its id. */
export function describeRule({ rule, sources }: RuleReach, family: Family): string {
  const { remote_address_group_id: addressGroup, remote_group_id: group } = rule;
  const prefix = rule.remote_ip_prefix ?? rule.normalized_cidr ?? null;
  const normalized = rule.normalized_cidr ?? prefix;
  const from =
    addressGroup !== null && addressGroup !== undefined
      ? `address group ${addressGroup}`
      : group !== null
        ? `the members of group ${group}${publicShare(sources, family) > 0 ? ', with the addresses that their ports may use (allowed_address_pairs)' : ''}`
        : prefix === null
          ? 'anywhere'
          : `${prefix}${normalized === prefix ? '' : ` (that is ${normalized})`}`;
  return `rule ${rule.id} lets in ${describeProtocol(rule.protocol)}${describePorts(rule)} from ${from}`;
}

function describeProtocol(protocol: string | null): string {
  if (protocol === null) return 'any protocol';
  return protocol === '0' ? 'protocol 0, which iptables takes for any,' : `protocol ${protocol}`;
}

function describePorts({ port_range_min: min, port_range_max: max, protocol }: RuleReach['rule']): string {
  if (min === null && max === null) return '';
  if (/icmp|^1$|^58$/.test(protocol ?? '')) return ` type ${min}${max === null ? '' : ` code ${max}`}`;
  return min === max ? ` port ${min}` : ` ports ${min} to ${max}`;
}

/** The first five of many, and a sign that there are more. */
export const listed = (texts: readonly string[]): string =>
  `${texts.slice(0, 5).join(', ')}${texts.length > 5 ? ', …' : ''}`;
