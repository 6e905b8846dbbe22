import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from '../../record/links.ts';
import { Paging } from './paging.ts';

/** A message to a user about a failure that happened after the call was answered. */
export const VolumeMessage = answer({
  id: z.string(),
  /** `VOLUME_VOLUME_001_002`, … */
  event_id: z.string(),
  user_message: z.string(),
  /** `ERROR` */
  message_level: z.string(),
  /** `VOLUME`, `VOLUME_SNAPSHOT`, `VOLUME_BACKUP`. */
  resource_type: z.string().nullable().optional(),
  resource_uuid: z.string().nullable().optional(),
  /** The id of the request that failed. */
  request_id: z.string().nullable(),
  created_at: Timestamp,
  /** Until then it is kept. */
  guaranteed_until: Timestamp.nullable(),
  links: Links.optional(),
});
export type VolumeMessage = OutputAt<typeof VolumeMessage>;

const ById = args({ id: z.string() });

/** Messages to users. */
export const messages = resource({
  name: 'messages',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'messages/{id}',
      receive: 'message',
      since: '3.3',
      input: ById,
      output: VolumeMessage,
    }),
    /** Iterate over messages. (3.3 and 3.4 have the list too, but cannot page it.) */
    list: operation({
      verb: 'GET',
      path: 'messages',
      receive: 'messages',
      page: 'links',
      since: '3.5',
      input: args({
        resource_uuid: z.string().optional(),
        resource_type: z.string().optional(),
        event_id: z.string().optional(),
        request_id: z.string().optional(),
        message_level: z.string().optional(),
        /** A part of the id. */
        'resource_uuid~': since('3.34', z.string().optional()),
        ...Paging,
      }),
      output: VolumeMessage,
    }),
    delete: operation({ verb: 'DELETE', path: 'messages/{id}', since: '3.3', input: ById }),
  },
});
