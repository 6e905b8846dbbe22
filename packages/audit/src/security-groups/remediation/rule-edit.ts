import type { SecurityGroupRule } from '../snapshot/snapshot.ts';

/** A rule as it is created: what Neutron takes (`POST /v2.0/security-group-rules`). */
export type NewRule = Pick<
  SecurityGroupRule,
  | 'direction'
  | 'ethertype'
  | 'protocol'
  | 'port_range_min'
  | 'port_range_max'
  | 'remote_ip_prefix'
  | 'remote_group_id'
> & {
  readonly security_group_id: string;
  readonly remote_address_group_id?: string | null | undefined;
  readonly description?: string | null | undefined;
};

/** The fields with which a rule is created in a group, without its description. */
export const newRule = (
  rule: Omit<NewRule, 'security_group_id' | 'description'>,
  security_group_id: string,
): NewRule => ({
  security_group_id,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.port_range_min,
  port_range_max: rule.port_range_max,
  remote_ip_prefix: rule.remote_ip_prefix,
  remote_group_id: rule.remote_group_id,
  remote_address_group_id: rule.remote_address_group_id ?? null,
});

/** One edit of a group. Rules cannot be changed: to narrow one is to add the narrow one and remove the wide one. */
export type RuleEdit =
  | { readonly edit: 'remove'; readonly rule: NewRule & { readonly id: string } }
  | { readonly edit: 'add'; readonly rule: NewRule };
