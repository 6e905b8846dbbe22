import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Specs } from './metadata.ts';
import { PAGE_SIZE, Paging } from './paging.ts';

/** A kind of group: what its backend must be able to do with it. */
export const GroupType = answer({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  is_public: z.boolean(),
  /** Administrators only. `consistent_group_snapshot_enabled`, `group_replication_enabled`, … */
  group_specs: Specs.optional(),
});
export type GroupType = OutputAt<typeof GroupType>;

const ById = args({ id: z.string() });
const OfType = args({ group_type_id: z.string() });
const ByKey = args({ group_type_id: z.string(), id: z.string() });

/** Types of groups. Only administrators change them. */
export const groupTypes = resource({
  name: 'groupTypes',
  findBy: 'name',
  operations: {
    /** Show one type. The id `default` shows the cloud's default. */
    get: operation({
      verb: 'GET',
      path: 'group_types/{id}',
      receive: 'group_type',
      since: '3.11',
      input: ById,
      output: GroupType,
    }),
    /**
     * Iterate over types. Without `is_public` it has the public ones, and those that the project may use.
     *
     * It is read by offset: Cinder names the link to the next page `group_type_links`.
     */
    list: operation({
      verb: 'GET',
      path: 'group_types',
      receive: 'group_types',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.11',
      input: args({
        /** Administrators only: `false` for private ones of all projects, `None` for all. */
        is_public: z.union([z.boolean(), z.literal('None')]).optional(),
        ...Paging,
      }),
      output: GroupType,
    }),
    create: operation({
      verb: 'POST',
      path: 'group_types',
      send: 'group_type',
      receive: 'group_type',
      since: '3.11',
      status: 202,
      input: args({
        name: z.string().min(1),
        description: z.string().nullable().optional(),
        /** @default true */
        is_public: z.boolean().optional(),
        group_specs: z.record(z.string(), z.string()).nullable().optional(),
      }),
      output: GroupType,
    }),
    update: operation({
      verb: 'PUT',
      path: 'group_types/{id}',
      send: 'group_type',
      receive: 'group_type',
      since: '3.11',
      input: args({
        id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        is_public: z.boolean().optional(),
      }),
      output: GroupType,
    }),
    /** Delete a type that no group has. */
    delete: operation({ verb: 'DELETE', path: 'group_types/{id}', since: '3.11', input: ById, status: 202 }),
  },
});

/** Specs of a group type. The `id` of one is its key. */
export const groupTypeSpecs = resource({
  name: 'groupTypeSpecs',
  operations: {
    /** Show all specs. */
    show: operation({
      verb: 'GET',
      path: 'group_types/{group_type_id}/group_specs',
      receive: 'group_specs',
      since: '3.11',
      input: OfType,
      output: Specs,
    }),
    /** Add or change some, and leave the others. Answers those given. */
    merge: operation({
      verb: 'POST',
      path: 'group_types/{group_type_id}/group_specs',
      receive: 'group_specs',
      since: '3.11',
      status: 202,
      idempotent: true,
      input: args({ group_type_id: z.string(), group_specs: Specs }),
      output: Specs,
    }),
    /** Show one spec, as a pair. */
    get: operation({
      verb: 'GET',
      path: 'group_types/{group_type_id}/group_specs/{id}',
      since: '3.11',
      input: ByKey,
      output: Specs,
    }),
    /** Set one: `spec` is the pair, with the same key as `id`. */
    update: operation({
      verb: 'PUT',
      path: 'group_types/{group_type_id}/group_specs/{id}',
      body: 'spec',
      since: '3.11',
      input: args({ group_type_id: z.string(), id: z.string(), spec: Specs }),
      output: Specs,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'group_types/{group_type_id}/group_specs/{id}',
      since: '3.11',
      input: ByKey,
      status: 202,
    }),
  },
});
