import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, StandardFilters, TagFilters, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';

/** Ids of which the segments of project networks are given. */
export const NetworkSegmentRange = answer({
  id: z.string(),
  name: z.string().nullable(),
  ...Owner,
  /** Made by the configuration; cannot be changed. */
  default: z.boolean(),
  /** For every project; else for that of `project_id`. */
  shared: z.boolean(),
  /** `vlan`, `vxlan`, `gre`, `geneve`. */
  network_type: z.string(),
  /** Only for `vlan`. */
  physical_network: z.string().nullable(),
  minimum: z.number(),
  maximum: z.number(),
  /** Ids that are free. */
  available: z.array(z.number()).optional(),
  /** Ids that are not, each with its project. */
  used: z.record(z.string(), z.string()).optional(),
  ...TaggedAttributes,
});
export type NetworkSegmentRange = OutputAt<typeof NetworkSegmentRange>;

const ById = args({ id: z.string() });

/** Ranges of segment ids (extension `network-segment-range`). Administrators only. */
export const networkSegmentRanges = resource({
  name: 'networkSegmentRanges',
  findBy: 'name',
  operations: {
    /** Show one range. */
    get: operation({
      verb: 'GET',
      path: 'network-segment-ranges/{id}',
      receive: 'network_segment_range',
      input: ById,
      output: NetworkSegmentRange,
    }),
    /** Iterate over ranges. */
    list: operation({
      verb: 'GET',
      path: 'network-segment-ranges',
      receive: 'network_segment_ranges',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        ...TagFilters,
        name: Text,
        network_type: Text,
        physical_network: Text,
        minimum: Count,
        maximum: Count,
        shared: Flag,
        default: Flag,
        ...Paging,
      }),
      output: NetworkSegmentRange,
    }),
    /** Create a range. */
    create: operation({
      verb: 'POST',
      path: 'network-segment-ranges',
      send: 'network_segment_range',
      receive: 'network_segment_range',
      input: args({
        name: z.string().nullable().optional(),
        description: z.string().optional(),
        network_type: z.enum(['vlan', 'vxlan', 'gre', 'geneve']),
        physical_network: z.string().nullable().optional(),
        minimum: Whole,
        maximum: Whole,
        /** @default true */
        shared: Flag,
        ...ForProject,
      }),
      output: NetworkSegmentRange,
      status: 201,
    }),
    /** Change a range. Ids that are in use must remain in it. */
    update: operation({
      verb: 'PUT',
      path: 'network-segment-ranges/{id}',
      headers: revisionHeader,
      send: 'network_segment_range',
      receive: 'network_segment_range',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().nullable().optional(),
        description: z.string().optional(),
        minimum: Whole.optional(),
        maximum: Whole.optional(),
      }),
      output: NetworkSegmentRange,
    }),
    /** Delete a range. Neutron answers 409 while an id of it is in use. */
    delete: operation({
      verb: 'DELETE',
      path: 'network-segment-ranges/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
