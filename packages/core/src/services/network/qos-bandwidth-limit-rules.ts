import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { known } from '../../record/tolerant.ts';

/** At most so many kbit/s. */
export const BandwidthLimitRule = answer({
  id: z.string(),
  direction: known(['ingress', 'egress']),
  max_kbps: z.number(),
  /** 0 lets Neutron choose. */
  max_burst_kbps: z.number(),
});
export type BandwidthLimitRule = OutputAt<typeof BandwidthLimitRule>;

const ById = args({ policy_id: z.string(), id: z.string() });

/** At most so many kbit/s. (Extension `qos`.) */
export const bandwidthLimitRules = resource({
  name: 'bandwidthLimitRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/bandwidth_limit_rules/{id}',
      receive: 'bandwidth_limit_rule',
      input: ById,
      output: BandwidthLimitRule,
    }),
    /** Iterate over the rules of a policy. */
    list: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/bandwidth_limit_rules',
      receive: 'bandwidth_limit_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        policy_id: z.string(),
        id: Text,
        direction: Text,
        max_kbps: Count,
        max_burst_kbps: Count,
        ...Paging,
      }),
      output: BandwidthLimitRule,
    }),
    /** Add a rule to a policy. Neutron answers 409 if it has one for that direction. */
    create: operation({
      verb: 'POST',
      path: 'qos/policies/{policy_id}/bandwidth_limit_rules',
      send: 'bandwidth_limit_rule',
      receive: 'bandwidth_limit_rule',
      input: args({
        policy_id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress']).optional(),
        max_kbps: Whole,
        max_burst_kbps: Whole.optional(),
      }),
      output: BandwidthLimitRule,
      status: 201,
    }),
    /** Change a rule. */
    update: operation({
      verb: 'PUT',
      path: 'qos/policies/{policy_id}/bandwidth_limit_rules/{id}',
      send: 'bandwidth_limit_rule',
      receive: 'bandwidth_limit_rule',
      input: args({
        policy_id: z.string(),
        id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress']).optional(),
        max_kbps: Whole.optional(),
        max_burst_kbps: Whole.optional(),
      }),
      output: BandwidthLimitRule,
    }),
    /** Delete a rule. */
    delete: operation({
      verb: 'DELETE',
      path: 'qos/policies/{policy_id}/bandwidth_limit_rules/{id}',
      input: ById,
    }),
  },
});
