import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { paging } from './filters.ts';
import { known } from '../../record/tolerant.ts';

/** The evacuation of one server in the recovery of its host. */
export const VMove = answer({
  uuid: z.string().optional(),
  /** Its number: a `marker`, and nothing else. */
  id: z.number(),
  notification_uuid: z.string(),
  instance_uuid: z.string(),
  instance_name: z.string(),
  source_host: z.string().nullable(),
  dest_host: z.string().nullable(),
  start_time: Timestamp.nullable(),
  end_time: Timestamp.nullable(),
  /** `evacuation`, `migration`, `live_migration`. */
  type: z.string().nullable(),
  /** `pending`, `ongoing`, `ignored`, `failed`, `succeeded`. */
  status: known(['pending', 'ongoing', 'ignored', 'failed', 'succeeded']).nullable(),
  /** The reason why it failed, or was ignored. */
  message: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp.nullable(),
});
export type VMove = OutputAt<typeof VMove>;

/** The servers of a recovery, one by one; from 2023.1 on. 400 of notifications that are of no host. */
export const vmoves = resource({
  name: 'vmoves',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'notifications/{notification_id}/vmoves/{id}',
      receive: 'vmove',
      since: '1.3',
      input: args({ notification_id: z.string(), id: z.string() }),
      output: VMove,
    }),
    list: operation({
      verb: 'GET',
      path: 'notifications/{notification_id}/vmoves',
      receive: 'vmoves',
      since: '1.3',
      page: 'marker',
      pageSize: 1000,
      input: args({
        notification_id: z.string(),
        status: z.enum(['pending', 'ongoing', 'ignored', 'failed', 'succeeded']).optional(),
        type: z.enum(['evacuation', 'migration', 'live_migration']).optional(),
        ...paging,
      }),
      output: VMove,
    }),
  },
});
