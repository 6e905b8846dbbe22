import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Limit, Marker } from './paging.ts';
import { tolerant } from '../../record/tolerant.ts';

const event = {
  /** `compute__do_build_and_run_instance`, … */
  event: z.string(),
  start_time: Timestamp,
  /** `null` while it lasts. */
  finish_time: Timestamp.nullable(),
  /** `Success` or `Error`. */
  result: z.string().nullable(),
  /** Administrators. */
  traceback: z.string().nullable().optional(),
};
const Event = tolerant(event);
const eventWithHost = { ...event, host: z.string().nullable().optional(), hostId: z.string() };
const EventWithHost = tolerant(eventWithHost);
const EventWithDetails = tolerant({
  ...eventWithHost,
  /** The error, without the traceback. */
  details: z.string().nullable().optional(),
});

const action = {
  /** `create`, `stop`, `live-migration`, `evacuate`, … */
  action: z.string(),
  instance_uuid: z.string(),
  /** The request that began it: what the services' logs carry. */
  request_id: z.string(),
  /** `Error` if it failed. */
  message: z.string().nullable(),
  user_id: z.string().nullable(),
  project_id: z.string().nullable(),
  start_time: Timestamp,
  updated_at: since('2.58', Timestamp.nullable()),
};

/** Something that was done to a server. */
export const InstanceAction = answer(action);
export type InstanceAction = OutputAt<typeof InstanceAction>;

/** Something that was done to a server, with its steps. */
export const InstanceActionWithEvents = answer({
  ...action,
  /** The steps. Before 2.51 for administrators only. */
  events: changes(
    ['2.1', z.array(Event).optional()],
    ['2.51', z.array(Event)],
    ['2.62', z.array(EventWithHost)],
    ['2.84', z.array(EventWithDetails)],
  ),
});
export type InstanceActionWithEvents = OutputAt<typeof InstanceActionWithEvents>;

/** The actions on one server, with their user and result. From 2.21 on of a deleted server too. */
export const instanceActions = resource({
  name: 'instanceActions',
  operations: {
    /** Show one action with its steps, by the id of its request (`req-…`). */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-instance-actions/{id}',
      receive: 'instanceAction',
      input: args({ server_id: z.string(), id: z.string() }),
      output: InstanceActionWithEvents,
    }),
    /** The newest first. From 2.58 on it pages, with its links under plain `links`. */
    list: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-instance-actions',
      receive: 'instanceActions',
      page: 'links',
      input: args({
        server_id: z.string(),
        limit: since('2.58', Limit),
        /** The `request_id` after which to begin. */
        marker: since('2.58', Marker),
        'changes-since': since('2.58', z.string().optional()),
        'changes-before': since('2.66', z.string().optional()),
      }),
      output: InstanceAction,
    }),
  },
});
