import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

const ById = args({ id: z.string() });
/** A replica: the rest is the driver's own. */
const Target = tolerant({ backend_id: z.string().optional() });

const path = 'groups/{id}/action';

/** Actions on groups (`POST groups/{id}/action`, Cinder `cinder/api/v3/groups.py`). */
export const groupActions = {
  /** Create a group with copies of what a group or a group snapshot has: one of the two. */
  createFromSrc: operation({
    verb: 'POST',
    path: 'groups/action',
    action: 'create-from-src',
    receive: 'group',
    since: '3.14',
    status: 202,
    input: args({
      source_group_id: z.string().optional(),
      group_snapshot_id: z.string().optional(),
      name: z.string().nullable().optional(),
      description: z.string().nullable().optional(),
    }),
    output: tolerant({ id: z.string(), name: z.string().nullable() }),
  }),
  /** Delete a group. One that has volumes needs `delete-volumes`. */
  delete: operation({
    verb: 'POST',
    path,
    action: 'delete',
    since: '3.13',
    status: 202,
    input: args({
      id: z.string(),
      /** Its volumes as well. @default false */
      'delete-volumes': z.boolean().default(false),
    }),
  }),
  /** Write a state into the database. Administrators only. */
  resetStatus: operation({
    verb: 'POST',
    path,
    action: 'reset_status',
    since: '3.20',
    status: 202,
    input: args({ id: z.string(), status: z.string() }),
  }),
  // Cinder wants these with an empty object, not with null (`cinder/api/schemas/groups.py`): hence `send`.
  /** Let the backend replicate it. */
  enableReplication: operation({
    verb: 'POST',
    path,
    action: 'enable_replication',
    send: 'enable_replication',
    since: '3.38',
    status: 202,
    input: ById,
  }),
  disableReplication: operation({
    verb: 'POST',
    path,
    action: 'disable_replication',
    send: 'disable_replication',
    since: '3.38',
    status: 202,
    input: ById,
  }),
  /** Let its replica take over. */
  failoverReplication: operation({
    verb: 'POST',
    path,
    action: 'failover_replication',
    since: '3.38',
    status: 202,
    input: args({
      id: z.string(),
      /** @default false */
      allow_attached_volume: z.boolean().default(false),
      /** The replica. `default` leads back. */
      secondary_backend_id: z.string().nullable().optional(),
    }),
  }),
  /** The replicas that it could fail over to. */
  listReplicationTargets: operation({
    verb: 'POST',
    path,
    action: 'list_replication_targets',
    send: 'list_replication_targets',
    since: '3.38',
    idempotent: true,
    input: ById,
    output: tolerant({ replication_targets: z.union([z.array(Target), Target]) }),
  }),
};
