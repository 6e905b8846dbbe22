import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { known } from '../../record/tolerant.ts';

/** At least so many kbit/s, which Placement reserves. */
export const MinimumBandwidthRule = answer({
  id: z.string(),
  direction: known(['ingress', 'egress']),
  min_kbps: z.number(),
});
export type MinimumBandwidthRule = OutputAt<typeof MinimumBandwidthRule>;

const ById = args({ policy_id: z.string(), id: z.string() });

/** At least so many kbit/s, which Placement reserves. (Extension `qos`.) */
export const minimumBandwidthRules = resource({
  name: 'minimumBandwidthRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/minimum_bandwidth_rules/{id}',
      receive: 'minimum_bandwidth_rule',
      input: ById,
      output: MinimumBandwidthRule,
    }),
    /** Iterate over the rules of a policy. */
    list: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/minimum_bandwidth_rules',
      receive: 'minimum_bandwidth_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        policy_id: z.string(),
        id: Text,
        direction: Text,
        min_kbps: Count,
        ...Paging,
      }),
      output: MinimumBandwidthRule,
    }),
    /** Add a rule to a policy. Neutron answers 409 if it has one for that direction. */
    create: operation({
      verb: 'POST',
      path: 'qos/policies/{policy_id}/minimum_bandwidth_rules',
      send: 'minimum_bandwidth_rule',
      receive: 'minimum_bandwidth_rule',
      input: args({
        policy_id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress']).optional(),
        min_kbps: Whole,
      }),
      output: MinimumBandwidthRule,
      status: 201,
    }),
    /** Change a rule. */
    update: operation({
      verb: 'PUT',
      path: 'qos/policies/{policy_id}/minimum_bandwidth_rules/{id}',
      send: 'minimum_bandwidth_rule',
      receive: 'minimum_bandwidth_rule',
      input: args({
        policy_id: z.string(),
        id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress']).optional(),
        min_kbps: Whole.optional(),
      }),
      output: MinimumBandwidthRule,
    }),
    /** Delete a rule. */
    delete: operation({
      verb: 'DELETE',
      path: 'qos/policies/{policy_id}/minimum_bandwidth_rules/{id}',
      input: ById,
    }),
  },
});
