import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** Service functions that share a load. */
export const SfcPortPairGroup = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  port_pairs: z.array(z.string()),
  is_tap: z.boolean().nullable().optional(),
  /** Parameters of the driver. */
  port_pair_group_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type SfcPortPairGroup = OutputAt<typeof SfcPortPairGroup>;

const ById = args({ id: z.string() });

/** Port pair groups. (Extension `sfc`.) */
export const portPairGroups = resource({
  name: 'portPairGroups',
  findBy: 'name',
  operations: {
    /** Show one group. */
    get: operation({
      verb: 'GET',
      path: 'sfc/port_pair_groups/{id}',
      receive: 'port_pair_group',
      input: ById,
      output: SfcPortPairGroup,
    }),
    /** Iterate over groups. */
    list: operation({
      verb: 'GET',
      path: 'sfc/port_pair_groups',
      receive: 'port_pair_groups',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        ...Paging,
      }),
      output: SfcPortPairGroup,
    }),
    /** Create a group. */
    create: operation({
      verb: 'POST',
      path: 'sfc/port_pair_groups',
      send: 'port_pair_group',
      receive: 'port_pair_group',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        port_pairs: z.array(z.string()).optional(),
        /** @default false */
        tap_enabled: Flag,
        /** Parameters of the driver. */
        port_pair_group_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
        ...ForProject,
      }),
      output: SfcPortPairGroup,
      status: 201,
    }),
    /** Change a group. */
    update: operation({
      verb: 'PUT',
      path: 'sfc/port_pair_groups/{id}',
      send: 'port_pair_group',
      receive: 'port_pair_group',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
        port_pairs: z.array(z.string()).optional(),
        ...ForProject,
      }),
      output: SfcPortPairGroup,
    }),
    /** Delete a group. */
    delete: operation({
      verb: 'DELETE',
      path: 'sfc/port_pair_groups/{id}',
      input: ById,
    }),
  },
});
