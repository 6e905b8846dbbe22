import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** The action of a firewall on a kind of traffic. */
export const FirewallRule = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  /** `allow`, `deny`, `reject`. */
  action: z.string(),
  enabled: z.boolean(),
  ip_version: z.number(),
  protocol: z.string().nullable(),
  source_ip_address: z.string().nullable(),
  destination_ip_address: z.string().nullable(),
  /** A port, or `80:90`. */
  source_port: z.string().nullable(),
  destination_port: z.string().nullable(),
  /** Ids of policies. */
  firewall_policy_id: z.array(z.string()).nullable().optional(),
  shared: z.boolean(),
});
export type FirewallRule = OutputAt<typeof FirewallRule>;

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  /** @default 'deny' */
  action: z.enum(['allow', 'deny', 'reject']).optional(),
  enabled: Flag,
  /** @default 4 */
  ip_version: z.union([z.literal(4), z.literal(6), z.enum(['4', '6'])]).optional(),
  protocol: z.union([z.string(), z.number().int()]).nullable().optional(),
  source_ip_address: z.string().nullable().optional(),
  destination_ip_address: z.string().nullable().optional(),
  source_port: z.union([z.string(), z.number().int()]).nullable().optional(),
  destination_port: z.union([z.string(), z.number().int()]).nullable().optional(),
  shared: Flag,
} as const;

const ById = args({ id: z.string() });

/** Firewall rules (extension `fwaas_v2`). */
export const firewallRules = resource({
  name: 'firewallRules',
  findBy: 'name',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'fwaas/firewall_rules/{id}',
      receive: 'firewall_rule',
      input: ById,
      output: FirewallRule,
    }),
    /** Iterate over rules. */
    list: operation({
      verb: 'GET',
      path: 'fwaas/firewall_rules',
      receive: 'firewall_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        action: Text,
        enabled: Flag,
        ip_version: Count,
        protocol: Text,
        source_ip_address: Text,
        destination_ip_address: Text,
        source_port: Text,
        destination_port: Text,
        shared: Flag,
        ...Paging,
      }),
      output: FirewallRule,
    }),
    /** Create a rule. */
    create: operation({
      verb: 'POST',
      path: 'fwaas/firewall_rules',
      send: 'firewall_rule',
      receive: 'firewall_rule',
      input: args({
        ...Common,
        ...ForProject,
      }),
      output: FirewallRule,
      status: 201,
    }),
    /** Change a rule. */
    update: operation({
      verb: 'PUT',
      path: 'fwaas/firewall_rules/{id}',
      send: 'firewall_rule',
      receive: 'firewall_rule',
      input: args({
        id: z.string(),
        ...Common,
      }),
      output: FirewallRule,
    }),
    /** Delete a rule. Neutron answers 409 while a policy has it. */
    delete: operation({
      verb: 'DELETE',
      path: 'fwaas/firewall_rules/{id}',
      input: ById,
    }),
  },
});
