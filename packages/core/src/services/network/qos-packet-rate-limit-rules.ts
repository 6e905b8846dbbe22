import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { known } from '../../record/tolerant.ts';

/** At most so many thousand packets a second. */
export const PacketRateLimitRule = answer({
  id: z.string(),
  direction: known(['ingress', 'egress']),
  max_kpps: z.number(),
  max_burst_kpps: z.number(),
});
export type PacketRateLimitRule = OutputAt<typeof PacketRateLimitRule>;

const ById = args({ policy_id: z.string(), id: z.string() });

/** At most so many thousand packets a second. (Extension `qos-pps`.) */
export const packetRateLimitRules = resource({
  name: 'packetRateLimitRules',
  operations: {
    /** Show one rule. */
    get: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/packet_rate_limit_rules/{id}',
      receive: 'packet_rate_limit_rule',
      input: ById,
      output: PacketRateLimitRule,
    }),
    /** Iterate over the rules of a policy. */
    list: operation({
      verb: 'GET',
      path: 'qos/policies/{policy_id}/packet_rate_limit_rules',
      receive: 'packet_rate_limit_rules',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        policy_id: z.string(),
        id: Text,
        direction: Text,
        max_kpps: Count,
        max_burst_kpps: Count,
        ...Paging,
      }),
      output: PacketRateLimitRule,
    }),
    /** Add a rule to a policy. Neutron answers 409 if it has one for that direction. */
    create: operation({
      verb: 'POST',
      path: 'qos/policies/{policy_id}/packet_rate_limit_rules',
      send: 'packet_rate_limit_rule',
      receive: 'packet_rate_limit_rule',
      input: args({
        policy_id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress']).optional(),
        max_kpps: Whole,
        max_burst_kpps: Whole.optional(),
      }),
      output: PacketRateLimitRule,
      status: 201,
    }),
    /** Change a rule. */
    update: operation({
      verb: 'PUT',
      path: 'qos/policies/{policy_id}/packet_rate_limit_rules/{id}',
      send: 'packet_rate_limit_rule',
      receive: 'packet_rate_limit_rule',
      input: args({
        policy_id: z.string(),
        id: z.string(),
        /** As the server sees it. @default 'egress' */
        direction: z.enum(['ingress', 'egress']).optional(),
        max_kpps: Whole.optional(),
        max_burst_kpps: Whole.optional(),
      }),
      output: PacketRateLimitRule,
    }),
    /** Delete a rule. */
    delete: operation({
      verb: 'DELETE',
      path: 'qos/policies/{policy_id}/packet_rate_limit_rules/{id}',
      input: ById,
    }),
  },
});
