import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** Firewall rules in their order. */
export const FirewallPolicy = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  /** Somebody has looked at it since its last change. */
  audited: z.boolean(),
  /** Ids; the first that matches decides. */
  firewall_rules: z.array(z.string()),
  shared: z.boolean(),
});
export type FirewallPolicy = OutputAt<typeof FirewallPolicy>;

const Common = {
  description: z.string().optional(),
  audited: Flag,
  firewall_rules: z.array(z.string()).optional(),
  shared: Flag,
} as const;

const ById = args({ id: z.string() });

/** Firewall policies (extension `fwaas_v2`). */
export const firewallPolicies = resource({
  name: 'firewallPolicies',
  findBy: 'name',
  operations: {
    /** Show one policy. */
    get: operation({
      verb: 'GET',
      path: 'fwaas/firewall_policies/{id}',
      receive: 'firewall_policy',
      input: ById,
      output: FirewallPolicy,
    }),
    /** Iterate over policies. */
    list: operation({
      verb: 'GET',
      path: 'fwaas/firewall_policies',
      receive: 'firewall_policies',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        audited: Flag,
        shared: Flag,
        ...Paging,
      }),
      output: FirewallPolicy,
    }),
    /** Create a policy. */
    create: operation({
      verb: 'POST',
      path: 'fwaas/firewall_policies',
      send: 'firewall_policy',
      receive: 'firewall_policy',
      input: args({
        ...Common,
        name: z.string(),
        ...ForProject,
      }),
      output: FirewallPolicy,
      status: 201,
    }),
    /** Change a policy; `audited` becomes false unless it is given. */
    update: operation({
      verb: 'PUT',
      path: 'fwaas/firewall_policies/{id}',
      send: 'firewall_policy',
      receive: 'firewall_policy',
      input: args({
        id: z.string(),
        ...Common,
        name: z.string().optional(),
      }),
      output: FirewallPolicy,
    }),
    /** Delete a policy. Neutron answers 409 while a group uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'fwaas/firewall_policies/{id}',
      input: ById,
    }),
    /** Put a rule before or after another one, or first. */
    insertRule: operation({
      verb: 'PUT',
      path: 'fwaas/firewall_policies/{id}/insert_rule',
      input: args({
        id: z.string(),
        firewall_rule_id: z.string(),
        insert_before: z.string().optional(),
        insert_after: z.string().optional(),
      }),
      output: FirewallPolicy,
      idempotent: false,
    }),
    /** Take a rule out. */
    removeRule: operation({
      verb: 'PUT',
      path: 'fwaas/firewall_policies/{id}/remove_rule',
      input: args({ id: z.string(), firewall_rule_id: z.string() }),
      output: FirewallPolicy,
      idempotent: false,
    }),
  },
});
