import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { paging } from './filters.ts';
import { Notification, NotificationDetails } from './notification.ts';

const Type = z.enum(['COMPUTE_HOST', 'VM', 'PROCESS']);
const Text = z.string().min(1).max(255);

const OfHost = z.strictObject({
  event: z.enum(['STARTED', 'STOPPED']),
  /** `NORMAL` says that the host is off for certain; anything else, and Masakari does nothing. */
  host_status: z.enum(['NORMAL', 'UNKNOWN']).optional(),
  cluster_status: z.enum(['ONLINE', 'OFFLINE']).optional(),
});
const OfProcess = z.strictObject({ event: z.enum(['STARTED', 'STOPPED']), process_name: Text });
const OfServer = z.strictObject({ event: Text, instance_uuid: z.uuid(), vir_domain_event: Text });

/** Reports of monitors. The `id` of a call is the `notification_uuid`. Administrators only. */
export const notifications = resource({
  name: 'notifications',
  settles: { field: 'status', failure: ['failed', 'ignored'] },
  operations: {
    /** Show one. From 1.1 on with the steps of its recovery; 500 then if its host is in no segment any more. */
    get: operation({
      verb: 'GET',
      path: 'notifications/{id}',
      receive: 'notification',
      input: args({ id: z.string() }),
      output: NotificationDetails,
    }),
    list: operation({
      verb: 'GET',
      path: 'notifications',
      receive: 'notifications',
      page: 'marker',
      pageSize: 1000,
      input: args({
        source_host_uuid: z.string().optional(),
        type: Type.optional(),
        status: z.enum(['new', 'running', 'error', 'failed', 'ignored', 'finished']).optional(),
        /** Only those seen at this moment or later; ISO 8601. */
        'generated-since': z.string().optional(),
        ...paging,
      }),
      output: Notification,
    }),
    /**
     * Tell that something happened; its recovery begins by itself. 400 if the host is in no segment; 409 if it is in
     * maintenance, or if the same was told within the last minutes.
     *
     * That a host is `NORMAL` is the word that it is off, and Masakari asks for no proof: fence it first.
     */
    create: operation({
      verb: 'POST',
      path: 'notifications',
      send: 'notification',
      receive: 'notification',
      status: 202,
      input: args({
        type: Type,
        /** As Nova names it. */
        hostname: z.string().min(1).max(255),
        /** The time at which it was seen; ISO 8601, UTC, without a zone. */
        generated_time: z.string(),
        payload: z.union([OfHost, OfProcess, OfServer]),
      }),
      output: Notification,
    }),
  },
});
