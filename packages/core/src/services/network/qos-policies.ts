import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, StandardFilters, TagFilters, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A set of QoS rules, for networks, ports, floating IPs and gateways. */
export const QosPolicy = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  shared: z.boolean(),
  /** For networks of the project that have none. */
  is_default: z.boolean().optional(),
  rules: z.array(
    tolerant({
      id: z.string(),
      /** `bandwidth_limit`, `dscp_marking`, `minimum_bandwidth`, `packet_rate_limit`, `minimum_packet_rate`. */
      type: z.string(),
      qos_policy_id: z.string().optional(),
      direction: z.string().optional(),
      max_kbps: z.number().optional(),
      max_burst_kbps: z.number().optional(),
      min_kbps: z.number().optional(),
      max_kpps: z.number().optional(),
      max_burst_kpps: z.number().optional(),
      min_kpps: z.number().optional(),
      dscp_mark: z.number().optional(),
    }),
  ),
  ...TaggedAttributes,
});
export type QosPolicy = OutputAt<typeof QosPolicy>;

const ById = args({ id: z.string() });

/** QoS policies (extension `qos`). */
export const qosPolicies = resource({
  name: 'qosPolicies',
  findBy: 'name',
  operations: {
    /** Show one policy with its rules. */
    get: operation({
      verb: 'GET',
      path: 'qos/policies/{id}',
      receive: 'policy',
      input: ById,
      output: QosPolicy,
    }),
    /** Iterate over policies with their rules. */
    list: operation({
      verb: 'GET',
      path: 'qos/policies',
      receive: 'policies',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        ...TagFilters,
        name: Text,
        shared: Flag,
        is_default: Flag,
        ...Paging,
      }),
      output: QosPolicy,
    }),
    /** Create a policy, as yet without rules. */
    create: operation({
      verb: 'POST',
      path: 'qos/policies',
      send: 'policy',
      receive: 'policy',
      input: args({
        name: z.string(),
        description: z.string().optional(),
        /** With every project. Administrators only. */
        shared: Flag,
        is_default: Flag,
        ...ForProject,
      }),
      output: QosPolicy,
      status: 201,
    }),
    /** Change a policy. */
    update: operation({
      verb: 'PUT',
      path: 'qos/policies/{id}',
      headers: revisionHeader,
      send: 'policy',
      receive: 'policy',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().optional(),
        description: z.string().optional(),
        shared: Flag,
        is_default: Flag,
      }),
      output: QosPolicy,
    }),
    /** Delete a policy. Neutron answers 409 while something uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'qos/policies/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
