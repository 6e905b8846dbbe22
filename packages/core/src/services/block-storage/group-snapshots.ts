import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** States of a snapshot of a group. */
export const GroupSnapshotStatus = known(['creating', 'available', 'deleting', 'error', 'error_deleting']);

/** Snapshots of all volumes of a group, taken together. */
export const GroupSnapshot = answer({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  group_id: z.string().nullable(),
  group_type_id: z.string().nullable().optional(),
  /** `creating`, `available`, `deleting`, `error`, `error_deleting`. */
  status: GroupSnapshotStatus,
  created_at: Timestamp,
  /** Administrators only. */
  project_id: since('3.58', z.string().nullable().optional()),
});
export type GroupSnapshot = OutputAt<typeof GroupSnapshot>;

const GroupSnapshotSummary = tolerant({
  id: z.string(),
  name: z.string().nullable(),
  group_type_id: z.string().nullable().optional(),
});

const ById = args({ id: z.string() });

const GroupSnapshotFilters = args({
  /** Lists the snapshots of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  name: z.string().optional(),
  status: z.string().optional(),
  group_id: z.string().optional(),
  'name~': since('3.34', z.string().optional()),
  ...Paging,
});

/** Group snapshots. Lists are read by offset: Cinder names the link to the next page `group_snapshot_links`. */
export const groupSnapshots = resource({
  name: 'groupSnapshots',
  settles: { field: 'status', failure: ['error', 'error_deleting'] },
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'group_snapshots/{id}',
      receive: 'group_snapshot',
      since: '3.14',
      input: ById,
      output: GroupSnapshot,
    }),
    /** Iterate over group snapshots. (From 3.14 on there is the list, but it can neither be paged nor filtered.) */
    list: operation({
      verb: 'GET',
      path: 'group_snapshots/detail',
      receive: 'group_snapshots',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.29',
      input: GroupSnapshotFilters,
      output: GroupSnapshot,
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'group_snapshots',
      receive: 'group_snapshots',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.29',
      input: GroupSnapshotFilters,
      output: GroupSnapshotSummary,
    }),
    /** Take a snapshot of every volume of a group. */
    create: operation({
      verb: 'POST',
      path: 'group_snapshots',
      send: 'group_snapshot',
      receive: 'group_snapshot',
      since: '3.14',
      status: 202,
      input: args({
        group_id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
      }),
      output: GroupSnapshotSummary,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'group_snapshots/{id}',
      since: '3.14',
      input: ById,
      status: 202,
    }),
    /** Write a state into the database. Administrators only. */
    resetStatus: operation({
      verb: 'POST',
      path: 'group_snapshots/{id}/action',
      action: 'reset_status',
      since: '3.19',
      status: 202,
      input: args({ id: z.string(), status: z.string() }),
    }),
  },
});
