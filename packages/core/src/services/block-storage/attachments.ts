import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { ConnectionInfo, Connector } from './connection.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { known, tolerant } from '../../record/tolerant.ts';

const Brief = {
  id: z.string(),
  /** `reserved`, `attaching`, `attached`, `detached`, `error_attaching`, `error_detaching`, `deleted`. */
  status: known([
    'reserved',
    'attaching',
    'attached',
    'detached',
    'error_attaching',
    'error_detaching',
    'deleted',
  ]),
  /** Id of the server; null if a host attached the volume. */
  instance: z.string().nullable(),
  volume_id: z.string(),
};

/** A use of a volume, as Cinder keeps it for Nova or a host. */
export const Attachment = answer({
  ...Brief,
  /** Empty text before it is attached. */
  attached_at: Timestamp.nullable().optional(),
  /** Empty text while it is attached. */
  detached_at: Timestamp.nullable().optional(),
  /** `rw`, `ro`, or `null` as text. */
  attach_mode: z.string().nullable().optional(),
  /** Empty before a connector was given. */
  connection_info: ConnectionInfo.nullable().optional(),
});
export type Attachment = OutputAt<typeof Attachment>;

const ById = args({ id: z.string() });

const AttachmentFilters = args({
  /** Attachments of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  /** With `all_tenants`. Administrators only. */
  project_id: z.string().optional(),
  volume_id: z.string().optional(),
  /** Id of the server. */
  instance_id: z.string().optional(),
  status: z.string().optional(),
  attach_status: z.string().optional(),
  ...Paging,
});

/**
 * Attachments of volumes to servers and hosts.
 *
 * Deleting one that a server uses breaks that server; since the fix of CVE-2023-2088 Cinder lets only Nova do it,
 * and answers 409 to others.
 */
export const attachments = resource({
  name: 'attachments',
  settles: { field: 'status', failure: ['error_attaching', 'error_detaching'] },
  operations: {
    /** Show one attachment. */
    get: operation({
      verb: 'GET',
      path: 'attachments/{id}',
      receive: 'attachment',
      since: '3.27',
      input: ById,
      output: Attachment,
    }),
    /** Iterate over attachments. Cinder gives no link to the next page: it is read by offset. */
    list: operation({
      verb: 'GET',
      path: 'attachments/detail',
      receive: 'attachments',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.27',
      input: AttachmentFilters,
      output: Attachment,
    }),
    /** Without the facts of the connection. */
    listBrief: operation({
      verb: 'GET',
      path: 'attachments',
      receive: 'attachments',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.27',
      input: AttachmentFilters,
      output: tolerant(Brief),
    }),
    /** Reserve a volume; with a connector, also export it to that host. */
    create: operation({
      verb: 'POST',
      path: 'attachments',
      send: 'attachment',
      receive: 'attachment',
      since: '3.27',
      input: args({
        volume_uuid: z.string(),
        /** Id of the server. */
        instance_uuid: z.string().optional(),
        connector: Connector.nullable().optional(),
        /** @default 'rw' */
        mode: since('3.54', z.enum(['rw', 'ro']).optional()),
      }),
      output: Attachment,
    }),
    /** Give the connector of a reserved attachment: the volume is exported to that host. */
    update: operation({
      verb: 'PUT',
      path: 'attachments/{id}',
      send: 'attachment',
      receive: 'attachment',
      since: '3.27',
      input: args({ id: z.string(), connector: Connector }),
      output: Attachment,
    }),
    /** Note that the host has connected. */
    complete: operation({
      verb: 'POST',
      path: 'attachments/{id}/action',
      action: 'os-complete',
      since: '3.44',
      status: 204,
      input: ById,
    }),
    /** End an attachment. Answers those that the volume still has. */
    delete: operation({
      verb: 'DELETE',
      path: 'attachments/{id}',
      receive: 'attachments',
      since: '3.27',
      status: 200,
      input: ById,
      output: z.array(tolerant({ id: z.string() })),
    }),
  },
});
