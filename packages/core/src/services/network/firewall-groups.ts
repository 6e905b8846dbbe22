import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { known } from '../../record/tolerant.ts';

/** Firewall policies on ports. */
export const FirewallGroup = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  admin_state_up: z.boolean(),
  /** `ACTIVE`, `DOWN`, `INACTIVE`, `ERROR`, `PENDING_CREATE`, `PENDING_UPDATE`, `PENDING_DELETE`. */
  status: known([
    'ACTIVE',
    'DOWN',
    'INACTIVE',
    'ERROR',
    'PENDING_CREATE',
    'PENDING_UPDATE',
    'PENDING_DELETE',
  ]),
  ingress_firewall_policy_id: z.string().nullable(),
  egress_firewall_policy_id: z.string().nullable(),
  ports: z.array(z.string()).optional(),
  shared: z.boolean(),
});
export type FirewallGroup = OutputAt<typeof FirewallGroup>;

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  admin_state_up: Flag,
  ingress_firewall_policy_id: z.string().nullable().optional(),
  egress_firewall_policy_id: z.string().nullable().optional(),
  ports: z.array(z.string()).optional(),
  shared: Flag,
} as const;

const ById = args({ id: z.string() });

/** Firewall groups (extension `fwaas_v2`). */
export const firewallGroups = resource({
  name: 'firewallGroups',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one group. */
    get: operation({
      verb: 'GET',
      path: 'fwaas/firewall_groups/{id}',
      receive: 'firewall_group',
      input: ById,
      output: FirewallGroup,
    }),
    /** Iterate over groups. */
    list: operation({
      verb: 'GET',
      path: 'fwaas/firewall_groups',
      receive: 'firewall_groups',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        admin_state_up: Flag,
        status: Text,
        ingress_firewall_policy_id: Text,
        egress_firewall_policy_id: Text,
        shared: Flag,
        ...Paging,
      }),
      output: FirewallGroup,
    }),
    /** Create a group. */
    create: operation({
      verb: 'POST',
      path: 'fwaas/firewall_groups',
      send: 'firewall_group',
      receive: 'firewall_group',
      input: args({
        ...Common,
        ...ForProject,
      }),
      output: FirewallGroup,
      status: 201,
    }),
    /** Change a group. */
    update: operation({
      verb: 'PUT',
      path: 'fwaas/firewall_groups/{id}',
      send: 'firewall_group',
      receive: 'firewall_group',
      input: args({
        id: z.string(),
        ...Common,
      }),
      output: FirewallGroup,
    }),
    /** Delete a group. Neutron answers 409 while it is active on ports. */
    delete: operation({
      verb: 'DELETE',
      path: 'fwaas/firewall_groups/{id}',
      input: ById,
    }),
  },
});
