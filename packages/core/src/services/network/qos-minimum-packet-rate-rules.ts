import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { known } from '../../record/tolerant.ts';

/** At least so many thousand packets a second, which Placement reserves. */
export const MinimumPacketRateRule = answer({
  id: z.string(),
  direction: known(['ingress', 'egress', 'any']),
  min_kpps: z.number(),
});
export type MinimumPacketRateRule = OutputAt<typeof MinimumPacketRateRule>;

const ById = args({ policy_id: z.string(), id: z.string() });

/** At least so many thousand packets a second, which Placement reserves. (Extension `qos-pps-minimum`.) */
export const minimumPacketRateRules = resource({
  name: 'minimumPacketRateRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/minimum_packet_rate_rules/{id}',
      receive: 'minimum_packet_rate_rule',
      input: ById,
      output: MinimumPacketRateRule,
    }),
    /** Iterate over the rules of a policy. */
    list: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/minimum_packet_rate_rules',
      receive: 'minimum_packet_rate_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        policy_id: z.string(),
        id: Text,
        direction: Text,
        min_kpps: Count,
        ...Paging,
      }),
      output: MinimumPacketRateRule,
    }),
    /** Add a rule to a policy. Neutron answers 409 if it has one for that direction. */
    create: operation({
      verb: 'POST',
      path: 'qos/policies/{policy_id}/minimum_packet_rate_rules',
      send: 'minimum_packet_rate_rule',
      receive: 'minimum_packet_rate_rule',
      input: args({
        policy_id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress', 'any']).optional(),
        min_kpps: Whole,
      }),
      output: MinimumPacketRateRule,
      status: 201,
    }),
    /** Change a rule. */
    update: operation({
      verb: 'PUT',
      path: 'qos/policies/{policy_id}/minimum_packet_rate_rules/{id}',
      send: 'minimum_packet_rate_rule',
      receive: 'minimum_packet_rate_rule',
      input: args({
        policy_id: z.string(),
        id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress', 'any']).optional(),
        min_kpps: Whole.optional(),
      }),
      output: MinimumPacketRateRule,
    }),
    /** Delete a rule. */
    delete: operation({
      verb: 'DELETE',
      path: 'qos/policies/{policy_id}/minimum_packet_rate_rules/{id}',
      input: ById,
    }),
  },
});
