import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { StandardAttributes } from './standard-attributes.ts';

/** One part of a network, as it is realised at one place. */
export const Segment = answer({
  id: z.string(),
  name: z.string().nullable(),
  network_id: z.string(),
  /** `flat`, `vlan`, `vxlan`, … */
  network_type: z.string(),
  physical_network: z.string().nullable(),
  segmentation_id: z.number().nullable(),
  ...StandardAttributes,
});
export type Segment = OutputAt<typeof Segment>;

const ById = args({ id: z.string() });

/** Segments of networks (extension `segment`). Administrators only. */
export const segments = resource({
  name: 'segments',
  findBy: 'name',
  operations: {
    /** Show one segment. */
    get: operation({ verb: 'GET', path: 'segments/{id}', receive: 'segment', input: ById, output: Segment }),
    /** Iterate over segments. */
    list: operation({
      verb: 'GET',
      path: 'segments',
      receive: 'segments',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        name: Text,
        description: Text,
        revision_number: Count,
        network_id: Text,
        network_type: Text,
        physical_network: Text,
        segmentation_id: Count,
        ...Paging,
      }),
      output: Segment,
    }),
    /** Add a segment to a network. */
    create: operation({
      verb: 'POST',
      path: 'segments',
      send: 'segment',
      receive: 'segment',
      input: args({
        network_id: z.string(),
        network_type: z.string(),
        physical_network: z.string().nullable().optional(),
        segmentation_id: Whole.nullable().optional(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
      }),
      output: Segment,
      status: 201,
    }),
    /** Rename or describe a segment. */
    update: operation({
      verb: 'PUT',
      path: 'segments/{id}',
      headers: revisionHeader,
      send: 'segment',
      receive: 'segment',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
      }),
      output: Segment,
    }),
    /** Delete a segment. Neutron answers 409 while a subnet is on it. */
    delete: operation({
      verb: 'DELETE',
      path: 'segments/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
