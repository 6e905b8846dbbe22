import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, StandardFilters, TagFilters, Text } from './filters.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { SecurityGroupRule } from './security-group-rules.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A security group. */
export const SecurityGroup = answer({
  id: z.string(),
  /** Unique only as `default`, of which each project has one. */
  name: z.string(),
  ...Owner,
  security_group_rules: z.array(tolerant(SecurityGroupRule.fields)),
  /** Answers to what was let through are let through too. */
  stateful: z.boolean().optional(),
  /** By RBAC, with the project that asks. */
  shared: z.boolean().optional(),
  ...TaggedAttributes,
});
export type SecurityGroup = OutputAt<typeof SecurityGroup>;

const Filters = {
  ...StandardFilters,
  ...TagFilters,
  name: Text,
  stateful: Flag,
  shared: Flag,
  ...Paging,
} as const;

/** Security groups: sets of rules for the traffic of ports. */
export const securityGroups = resource({
  name: 'securityGroups',
  findBy: 'name',
  operations: {
    /** Show one group with its rules. */
    get: operation({
      verb: 'GET',
      path: 'security-groups/{id}',
      receive: 'security_group',
      input: args({ id: z.string() }),
      output: SecurityGroup,
    }),
    /** Iterate over groups with their rules. Neutron makes the project's `default` when it is first asked. */
    list: operation({
      verb: 'GET',
      path: 'security-groups',
      receive: 'security_groups',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: SecurityGroup,
    }),
    /** Iterate over some fields of groups only: without `security_group_rules` it is several times faster. */
    listFields: operation({
      verb: 'GET',
      path: 'security-groups',
      receive: 'security_groups',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(SecurityGroup),
    }),
    /** Create a group. It has rules that let all out, unless the cloud's default rules say otherwise. */
    create: operation({
      verb: 'POST',
      path: 'security-groups',
      send: 'security_group',
      receive: 'security_group',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        /** @default true */
        stateful: Flag,
        ...ForProject,
      }),
      output: SecurityGroup,
      status: 201,
    }),
    /** Change a group. `stateful` only while no port uses it. */
    update: operation({
      verb: 'PUT',
      path: 'security-groups/{id}',
      headers: revisionHeader,
      send: 'security_group',
      receive: 'security_group',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().optional(),
        description: z.string().optional(),
        stateful: Flag,
      }),
      output: SecurityGroup,
    }),
    /** Delete a group. Neutron answers 409 while a port uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'security-groups/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
