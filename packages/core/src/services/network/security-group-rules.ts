import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, StandardFilters, Text } from './filters.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A rule: what is let through. Null means any. */
export const SecurityGroupRule = answer({
  id: z.string(),
  ...Owner,
  security_group_id: z.string(),
  direction: known(['ingress', 'egress']),
  ethertype: known(['IPv4', 'IPv6']).nullable(),
  /** By name (`tcp`) or number in text. */
  protocol: z.string().nullable(),
  /** The lowest port; for ICMP the type. */
  port_range_min: z.number().nullable(),
  /** The highest port; for ICMP the code. */
  port_range_max: z.number().nullable(),
  remote_ip_prefix: z.string().nullable(),
  /** The group whose members are let through. */
  remote_group_id: z.string().nullable(),
  remote_address_group_id: z.string().nullable().optional(),
  /** `remote_ip_prefix` as it is enforced: without host bits. */
  normalized_cidr: z.string().nullable().optional(),
  /** It is of the group `default` of its project. */
  belongs_to_default_sg: z.boolean().nullable().optional(),
  ...TaggedAttributes,
});
export type SecurityGroupRule = OutputAt<typeof SecurityGroupRule>;

const Filters = {
  ...StandardFilters,
  security_group_id: Text,
  direction: Text,
  ethertype: Text,
  protocol: Text,
  port_range_min: Count,
  port_range_max: Count,
  remote_ip_prefix: Text,
  remote_group_id: Text,
  remote_address_group_id: Text,
  normalized_cidr: Text,
  belongs_to_default_sg: Flag,
  ...Paging,
} as const;

const NumberOrText = z.union([z.number().int(), z.string()]).nullable().optional();

const NewRule = {
  security_group_id: z.string(),
  direction: z.enum(['ingress', 'egress']),
  /** @default 'IPv4' */
  ethertype: z.enum(['IPv4', 'IPv6']).optional(),
  /** Name or number. */
  protocol: NumberOrText,
  port_range_min: NumberOrText,
  port_range_max: NumberOrText,
  /** The remote addresses. At most one of the three `remote_…` may be given. */
  remote_ip_prefix: z.string().nullable().optional(),
  remote_group_id: z.string().nullable().optional(),
  remote_address_group_id: z.string().nullable().optional(),
  description: z.string().optional(),
  ...ForProject,
} as const;

/** Rules of security groups. They cannot be changed. */
export const securityGroupRules = resource({
  name: 'securityGroupRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'security-group-rules/{id}',
      receive: 'security_group_rule',
      input: args({ id: z.string() }),
      output: SecurityGroupRule,
    }),
    /** Iterate over rules. */
    list: operation({
      verb: 'GET',
      path: 'security-group-rules',
      receive: 'security_group_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: SecurityGroupRule,
    }),
    /** Iterate over some fields of rules only. */
    listFields: operation({
      verb: 'GET',
      path: 'security-group-rules',
      receive: 'security_group_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(SecurityGroupRule),
    }),
    /** Add a rule to a group. Neutron answers 409 if the group has an equal one. */
    create: operation({
      verb: 'POST',
      path: 'security-group-rules',
      send: 'security_group_rule',
      receive: 'security_group_rule',
      input: args(NewRule),
      output: SecurityGroupRule,
      status: 201,
    }),
    /** Add several rules to one group in one transaction: all, or none. */
    createMany: operation({
      verb: 'POST',
      path: 'security-group-rules',
      receive: 'security_group_rules',
      input: args({ security_group_rules: z.array(z.strictObject(NewRule)).min(1) }),
      output: z.array(tolerant(SecurityGroupRule.fields)),
      status: 201,
    }),
    /** Delete a rule. */
    delete: operation({
      verb: 'DELETE',
      path: 'security-group-rules/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
