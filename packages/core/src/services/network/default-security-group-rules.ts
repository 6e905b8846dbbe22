import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { StandardAttributes } from './standard-attributes.ts';
import { known } from '../../record/tolerant.ts';

/** A rule that new security groups begin with. */
export const DefaultSecurityGroupRule = answer({
  id: z.string(),
  direction: known(['ingress', 'egress']),
  ethertype: known(['IPv4', 'IPv6']).nullable(),
  protocol: z.string().nullable(),
  port_range_min: z.number().nullable(),
  port_range_max: z.number().nullable(),
  remote_ip_prefix: z.string().nullable(),
  /** A group, or `PARENT`: the group itself. */
  remote_group_id: z.string().nullable(),
  remote_address_group_id: z.string().nullable().optional(),
  /** For the group `default` of new projects. */
  used_in_default_sg: z.boolean().optional(),
  /** For other new groups. */
  used_in_non_default_sg: z.boolean().optional(),
  ...StandardAttributes,
});
export type DefaultSecurityGroupRule = OutputAt<typeof DefaultSecurityGroupRule>;

const ById = args({ id: z.string() });

/** Rules that new security groups begin with (extension `security-groups-default-rules`, 2023.2 on). */
export const defaultSecurityGroupRules = resource({
  name: 'defaultSecurityGroupRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'default-security-group-rules/{id}',
      receive: 'default_security_group_rule',
      input: ById,
      output: DefaultSecurityGroupRule,
    }),
    /** Iterate over rules. */
    list: operation({
      verb: 'GET',
      path: 'default-security-group-rules',
      receive: 'default_security_group_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        description: Text,
        direction: Text,
        ethertype: Text,
        protocol: Text,
        port_range_min: Count,
        port_range_max: Count,
        remote_ip_prefix: Text,
        remote_group_id: Text,
        remote_address_group_id: Text,
        used_in_default_sg: Flag,
        used_in_non_default_sg: Flag,
        ...Paging,
      }),
      output: DefaultSecurityGroupRule,
    }),
    /** Add a rule. Groups that are there already do not get it. Administrators only. */
    create: operation({
      verb: 'POST',
      path: 'default-security-group-rules',
      send: 'default_security_group_rule',
      receive: 'default_security_group_rule',
      input: args({
        direction: z.enum(['ingress', 'egress']),
        /** @default 'IPv4' */
        ethertype: z.enum(['IPv4', 'IPv6']).optional(),
        protocol: z.union([z.string(), z.number().int()]).nullable().optional(),
        port_range_min: Whole.nullable().optional(),
        port_range_max: Whole.nullable().optional(),
        remote_ip_prefix: z.string().nullable().optional(),
        remote_group_id: z.string().nullable().optional(),
        remote_address_group_id: z.string().nullable().optional(),
        /** @default false */
        used_in_default_sg: Flag,
        /** @default true */
        used_in_non_default_sg: Flag,
        description: z.string().optional(),
      }),
      output: DefaultSecurityGroupRule,
      status: 201,
    }),
    /** Delete a rule. Administrators only. */
    delete: operation({
      verb: 'DELETE',
      path: 'default-security-group-rules/{id}',
      input: ById,
    }),
  },
});
