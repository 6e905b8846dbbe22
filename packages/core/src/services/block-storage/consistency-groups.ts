import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { tolerant } from '../../record/tolerant.ts';
import { GroupSnapshotStatus } from './group-snapshots.ts';
import { GroupStatus } from './groups.ts';

/** The forerunner of a group. */
export const ConsistencyGroup = answer({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  /** As of a group. */
  status: GroupStatus,
  availability_zone: z.string().nullable(),
  /** Ids. */
  volume_types: z.array(z.string()).nullable(),
  created_at: Timestamp,
});
export type ConsistencyGroup = OutputAt<typeof ConsistencyGroup>;

const Summary = tolerant({ id: z.string(), name: z.string().nullable() });
const ById = args({ id: z.string() });
const Filters = args({
  /** Lists the groups of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  name: z.string().optional(),
  status: z.string().optional(),
  ...Paging,
});

/** Consistency groups. Deprecated in Cinder in favour of `groups`; old clouds still have some. */
export const consistencyGroups = resource({
  name: 'consistencyGroups',
  settles: { field: 'status', failure: ['error', 'error_deleting'] },
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'consistencygroups/{id}',
      receive: 'consistencygroup',
      input: ById,
      output: ConsistencyGroup,
    }),
    /** It is read by offset: Cinder names the link to the next page `consistencygroup_links`. */
    list: operation({
      verb: 'GET',
      path: 'consistencygroups/detail',
      receive: 'consistencygroups',
      page: 'offset',
      pageSize: PAGE_SIZE,
      input: Filters,
      output: ConsistencyGroup,
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'consistencygroups',
      receive: 'consistencygroups',
      page: 'offset',
      pageSize: PAGE_SIZE,
      input: Filters,
      output: Summary,
    }),
    create: operation({
      verb: 'POST',
      path: 'consistencygroups',
      send: 'consistencygroup',
      receive: 'consistencygroup',
      status: 202,
      input: args({
        /** Names or ids, separated by commas. */
        volume_types: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        availability_zone: z.string().nullable().optional(),
      }),
      output: Summary,
    }),
    /** Create a group from one of the two sources. */
    createFromSrc: operation({
      verb: 'POST',
      path: 'consistencygroups/create_from_src',
      send: 'consistencygroup-from-src',
      receive: 'consistencygroup',
      status: 202,
      input: args({
        cgsnapshot_id: z.string().nullable().optional(),
        source_cgid: z.string().nullable().optional(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        /** Documented by Cinder, and ignored, as the next two. */
        user_id: z.string().nullable().optional(),
        project_id: z.string().nullable().optional(),
        status: z.string().nullable().optional(),
      }),
      output: Summary,
    }),
    update: operation({
      verb: 'PUT',
      path: 'consistencygroups/{id}/update',
      send: 'consistencygroup',
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
    delete: operation({
      verb: 'POST',
      path: 'consistencygroups/{id}/delete',
      send: 'consistencygroup',
      status: 202,
      input: args({
        id: z.string(),
        /** Even if it has volumes, which are deleted as well. @default false */
        force: z.boolean().optional(),
      }),
    }),
  },
});

/** Snapshots of a consistency group, taken together. */
export const CgSnapshot = answer({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  consistencygroup_id: z.string().nullable(),
  status: GroupSnapshotStatus,
  created_at: Timestamp,
});
export type CgSnapshot = OutputAt<typeof CgSnapshot>;

/** Snapshots of consistency groups. Deprecated in favour of `groupSnapshots`. */
export const cgsnapshots = resource({
  name: 'cgsnapshots',
  settles: { field: 'status', failure: ['error', 'error_deleting'] },
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'cgsnapshots/{id}',
      receive: 'cgsnapshot',
      input: ById,
      output: CgSnapshot,
    }),
    /** List the snapshots of the project that asks; Cinder has no filters here, nor a list of all projects. */
    list: operation({
      verb: 'GET',
      path: 'cgsnapshots/detail',
      receive: 'cgsnapshots',
      page: 'offset',
      pageSize: PAGE_SIZE,
      input: args({ limit: Paging.limit, offset: Paging.offset }),
      output: CgSnapshot,
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'cgsnapshots',
      receive: 'cgsnapshots',
      page: 'offset',
      pageSize: PAGE_SIZE,
      input: args({ limit: Paging.limit, offset: Paging.offset }),
      output: Summary,
    }),
    create: operation({
      verb: 'POST',
      path: 'cgsnapshots',
      send: 'cgsnapshot',
      receive: 'cgsnapshot',
      status: 202,
      input: args({
        consistencygroup_id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
      }),
      output: Summary,
    }),
    delete: operation({ verb: 'DELETE', path: 'cgsnapshots/{id}', input: ById, status: 202 }),
  },
});
