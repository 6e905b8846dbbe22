import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';

/** Packets marked for the network to prefer. */
export const DscpMarkingRule = answer({
  id: z.string(),
  dscp_mark: z.number(),
});
export type DscpMarkingRule = OutputAt<typeof DscpMarkingRule>;

const ById = args({ policy_id: z.string(), id: z.string() });

/** Packets marked for the network to prefer. (Extension `qos`.) */
export const dscpMarkingRules = resource({
  name: 'dscpMarkingRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/dscp_marking_rules/{id}',
      receive: 'dscp_marking_rule',
      input: ById,
      output: DscpMarkingRule,
    }),
    /** Iterate over the rules of a policy. */
    list: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/dscp_marking_rules',
      receive: 'dscp_marking_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        policy_id: z.string(),
        id: Text,
        dscp_mark: Count,
        ...Paging,
      }),
      output: DscpMarkingRule,
    }),
    /** Add a rule to a policy. Neutron answers 409 if it has one for that direction. */
    create: operation({
      verb: 'POST',
      path: 'qos/policies/{policy_id}/dscp_marking_rules',
      send: 'dscp_marking_rule',
      receive: 'dscp_marking_rule',
      input: args({
        policy_id: z.string(),
        /** Even, 0 to 56, but not 2, 4, 6, 42, 44, 50, 52 or 54. */
        dscp_mark: Whole,
      }),
      output: DscpMarkingRule,
      status: 201,
    }),
    /** Change a rule. */
    update: operation({
      verb: 'PUT',
      path: 'qos/policies/{policy_id}/dscp_marking_rules/{id}',
      send: 'dscp_marking_rule',
      receive: 'dscp_marking_rule',
      input: args({
        policy_id: z.string(),
        id: z.string(),
        dscp_mark: Whole.optional(),
      }),
      output: DscpMarkingRule,
    }),
    /** Delete a rule. */
    delete: operation({
      verb: 'DELETE',
      path: 'qos/policies/{policy_id}/dscp_marking_rules/{id}',
      input: ById,
    }),
  },
});
