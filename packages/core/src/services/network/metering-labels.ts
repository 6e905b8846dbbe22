import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** Under which traffic is counted. */
export const MeteringLabel = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  shared: z.boolean().optional(),
});
export type MeteringLabel = OutputAt<typeof MeteringLabel>;

const ById = args({ id: z.string() });

/** Metering labels (extension `metering`). Administrators only. */
export const meteringLabels = resource({
  name: 'meteringLabels',
  findBy: 'name',
  operations: {
    /** Show one label. */
    get: operation({
      verb: 'GET',
      path: 'metering/metering-labels/{id}',
      receive: 'metering_label',
      input: ById,
      output: MeteringLabel,
    }),
    /** Iterate over labels. */
    list: operation({
      verb: 'GET',
      path: 'metering/metering-labels',
      receive: 'metering_labels',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        shared: Flag,
        ...Paging,
      }),
      output: MeteringLabel,
    }),
    /** Create a label. */
    create: operation({
      verb: 'POST',
      path: 'metering/metering-labels',
      send: 'metering_label',
      receive: 'metering_label',
      input: args({
        name: z.string().optional(),
        description: z.string().optional(),
        shared: Flag,
        ...ForProject,
      }),
      output: MeteringLabel,
      status: 201,
    }),
    /** Delete a label and its rules. */
    delete: operation({
      verb: 'DELETE',
      path: 'metering/metering-labels/{id}',
      input: ById,
    }),
  },
});
