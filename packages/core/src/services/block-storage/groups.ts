import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { groupActions } from './group-actions.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** States of a group. */
export const GroupStatus = known([
  'creating',
  'available',
  'updating',
  'deleting',
  'in-use',
  'error',
  'error_deleting',
]);

/** Volumes that are snapshot, copied and failed over together. */
export const Group = answer({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  /** `creating`, `available`, `updating`, `deleting`, `in-use`, `error`, `error_deleting`. */
  status: GroupStatus,
  availability_zone: z.string().nullable(),
  /** Id. */
  group_type: z.string().nullable(),
  /** Ids of the types that its volumes may have. */
  volume_types: z.array(z.string()),
  created_at: Timestamp,
  group_snapshot_id: since('3.14', z.string().nullable().optional()),
  source_group_id: since('3.14', z.string().nullable().optional()),
  /** Ids; only if asked for with `list_volume`. */
  volumes: since('3.25', z.array(z.string()).optional()),
  /** `enabled`, `disabled`, `failed-over`, `error`, … */
  replication_status: since('3.38', z.string().nullable().optional()),
  /** Administrators only. */
  project_id: since('3.58', z.string().nullable().optional()),
});
export type Group = OutputAt<typeof Group>;

/** A group in brief lists and in answers of creating. */
const GroupSummary = tolerant({ id: z.string(), name: z.string().nullable() });

const GroupFilters = args({
  /** Groups of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  name: z.string().optional(),
  'name~': since('3.34', z.string().optional()),
  /** Answer the ids of volumes as well. @default false */
  list_volume: since('3.25', z.boolean().optional()),
  ...Paging,
});

/** Groups of volumes. Lists are read by offset: Cinder names the link to the next page `group_links`. */
export const groups = resource({
  name: 'groups',
  settles: { field: 'status', failure: ['error', 'error_deleting'] },
  findBy: 'name',
  operations: {
    /** Show one group. */
    get: operation({
      verb: 'GET',
      path: 'groups/{id}',
      receive: 'group',
      since: '3.13',
      input: args({
        id: z.string(),
        /** Answer the ids of its volumes as well. @default false */
        list_volume: since('3.25', z.boolean().optional()),
      }),
      output: Group,
    }),
    /** Iterate over groups, newest first. */
    list: operation({
      verb: 'GET',
      path: 'groups/detail',
      receive: 'groups',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.13',
      input: GroupFilters,
      output: Group,
    }),
    /** Ids and names only. */
    listBrief: operation({
      verb: 'GET',
      path: 'groups',
      receive: 'groups',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.13',
      input: GroupFilters,
      output: GroupSummary,
    }),
    /** Create an empty group; volumes name it when they are created. */
    create: operation({
      verb: 'POST',
      path: 'groups',
      send: 'group',
      receive: 'group',
      since: '3.13',
      status: 202,
      input: args({
        /** Id or name. */
        group_type: z.string(),
        /** Ids or names; at least one. */
        volume_types: z.array(z.string()).min(1),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        availability_zone: z.string().nullable().optional(),
      }),
      output: GroupSummary,
    }),
    /** Change name, description or members; at least one. */
    update: operation({
      verb: 'PUT',
      path: 'groups/{id}',
      send: 'group',
      since: '3.13',
      status: 202,
      input: args({
        id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        /** Ids, separated by commas. */
        add_volumes: z.string().nullable().optional(),
        /** Ids, separated by commas. */
        remove_volumes: z.string().nullable().optional(),
      }),
    }),
    ...groupActions,
  },
});
