import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, since, until } from '../../record/shape.ts';
import { Metadata } from './metadata.ts';
import { Paging } from './paging.ts';
import { Snapshot } from './snapshot.ts';

const ById = args({ id: z.string() });

const SnapshotFilters = args({
  /** Snapshots of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  /** With `all_tenants`. Administrators only. */
  project_id: z.string().optional(),
  name: z.string().optional(),
  'name~': since('3.34', z.string().optional()),
  status: z.string().optional(),
  volume_id: z.string().optional(),
  availability_zone: z.string().optional(),
  metadata: since('3.22', z.record(z.string(), z.string()).optional()),
  user_id: since('3.41', z.string().optional()),
  consumes_quota: since('3.65', z.boolean().optional()),
  ...Paging,
});

/** Snapshots of volumes, kept by the backend that has the volume. */
export const snapshots = resource({
  name: 'snapshots',
  settles: { field: 'status', failure: ['error', 'error_deleting'] },
  findBy: 'name',
  operations: {
    /** Show one snapshot. */
    get: operation({
      verb: 'GET',
      path: 'snapshots/{id}',
      receive: 'snapshot',
      input: ById,
      output: Snapshot,
    }),
    /** Iterate over snapshots, newest first. */
    list: operation({
      verb: 'GET',
      path: 'snapshots/detail',
      receive: 'snapshots',
      page: 'links',
      input: SnapshotFilters,
      output: Snapshot,
    }),
    /** As `list`, without project and progress. */
    listBrief: operation({
      verb: 'GET',
      path: 'snapshots',
      receive: 'snapshots',
      page: 'links',
      input: SnapshotFilters,
      output: Snapshot,
    }),
    /** Take a snapshot. Of a volume in use it is as after a power failure, unless the guest is quiesced. */
    create: operation({
      verb: 'POST',
      path: 'snapshots',
      send: 'snapshot',
      receive: 'snapshot',
      status: 202,
      input: args({
        volume_id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        /** Even if the volume is in use, which from 3.66 on goes without saying. @default false */
        force: until('3.66', z.boolean().optional()),
        metadata: Metadata.nullable().optional(),
      }),
      output: Snapshot,
    }),
    /** Change name or description; at least one. */
    update: operation({
      verb: 'PUT',
      path: 'snapshots/{id}',
      send: 'snapshot',
      receive: 'snapshot',
      input: args({
        id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
      }),
      output: Snapshot,
    }),
    /** Delete a snapshot. */
    delete: operation({ verb: 'DELETE', path: 'snapshots/{id}', input: ById, status: 202 }),
    /** Write a state into the database, and change nothing else. Administrators only. */
    resetStatus: operation({
      verb: 'POST',
      path: 'snapshots/{id}/action',
      action: 'os-reset_status',
      status: 202,
      input: args({ id: z.string(), status: z.string() }),
    }),
    /** Report the progress of a snapshot that Nova takes. Services only. */
    updateStatus: operation({
      verb: 'POST',
      path: 'snapshots/{id}/action',
      action: 'os-update_snapshot_status',
      status: 202,
      input: args({ id: z.string(), status: z.string(), progress: z.string().optional() }),
    }),
    /** Delete it whatever its state is. Administrators only. */
    forceDelete: operation({
      verb: 'POST',
      path: 'snapshots/{id}/action',
      action: 'os-force_delete',
      status: 202,
      input: ById,
    }),
    /** Forget it without deleting it in the backend. */
    unmanage: operation({
      verb: 'POST',
      path: 'snapshots/{id}/action',
      action: 'os-unmanage',
      status: 202,
      input: ById,
    }),
  },
});
