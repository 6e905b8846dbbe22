import type { PointResource, Wire } from '../point/tenant-point.ts';
import { objectsIn, textOf } from '../point/wire.ts';
import type { Ref, RestoredRule } from './restore-actions.ts';

/** A rule by what it lets through: two that let through the same are one (Neutron answers 409 to the second). */
export const ruleKey = (rule: RestoredRule | Wire, remote: string | null): string =>
  JSON.stringify([
    rule['direction'],
    rule['ethertype'] ?? 'IPv4',
    rule['protocol'],
    rule['port_range_min'],
    rule['port_range_max'],
    rule['remote_ip_prefix'],
    remote,
  ]);

/** The text by which a reference is compared within one plan. */
export const refKey = (ref: Ref | null): string | null =>
  ref === null ? null : 'id' in ref ? `id ${ref.id}` : `step ${ref.step}`;

/** One rule of a group as a plan has it. @param remote - what stands for its remote group; null if it has none */
export const restoredRule = (rule: Wire, remote: Ref | null): RestoredRule => ({
  direction: rule['direction'] === 'egress' ? 'egress' : 'ingress',
  ethertype: rule['ethertype'] === 'IPv6' ? 'IPv6' : 'IPv4',
  protocol: textOf(rule['protocol']) ?? null,
  port_range_min: numberOf(rule, 'port_range_min'),
  port_range_max: numberOf(rule, 'port_range_max'),
  remote_ip_prefix: textOf(rule['remote_ip_prefix']) ?? null,
  remote_group: remote,
  description: textOf(rule['description']) ?? '',
});

const numberOf = (rule: Wire, field: string): number | null => {
  const value = rule[field];
  return typeof value === 'number' ? value : null;
};

export const rulesOf = ({ wire }: Pick<PointResource, 'wire'>): readonly Wire[] =>
  objectsIn(wire['security_group_rules']);
