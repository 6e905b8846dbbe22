import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { ConnectionInfo, Connector } from './connection.ts';

const ById = args({ id: z.string() });
const path = 'volumes/{id}/action';

/**
 * The actions by which Nova attaches volumes on clouds older than 3.27, and by which an administrator mends what
 * they left behind. From 3.27 on see `attachments`. To attach a volume to a server, ask Nova.
 */
export const volumeAttachmentActions = {
  /** Note that it is attached; nothing is connected. */
  attach: operation({
    verb: 'POST',
    path,
    action: 'os-attach',
    status: 202,
    input: args({
      id: z.string(),
      /** `/dev/vdb` */
      mountpoint: z.string().min(1),
      /** This or `host_name`. */
      instance_uuid: z.string().optional(),
      host_name: z.string().optional(),
      /** @default 'rw' */
      mode: z.enum(['rw', 'ro']).optional(),
    }),
  }),
  /** Note that it is detached. */
  detach: operation({
    verb: 'POST',
    path,
    action: 'os-detach',
    status: 202,
    input: args({
      id: z.string(),
      /** Needed if it has several attachments. */
      // Cinder's schema takes `null` for the whole, its code answers that with a 500.
      attachment_id: z.string().nullable().default(null),
    }),
  }),
  /** Mark it as about to be attached. */
  reserve: operation({ verb: 'POST', path, action: 'os-reserve', status: 202, input: ById }),
  unreserve: operation({ verb: 'POST', path, action: 'os-unreserve', status: 202, input: ById }),
  /** Mark it as about to be detached. */
  beginDetaching: operation({ verb: 'POST', path, action: 'os-begin_detaching', status: 202, input: ById }),
  /** Take `beginDetaching` back. */
  rollDetaching: operation({ verb: 'POST', path, action: 'os-roll_detaching', status: 202, input: ById }),
  /** Export it to a host. */
  initializeConnection: operation({
    verb: 'POST',
    path,
    action: 'os-initialize_connection',
    receive: 'connection_info',
    input: args({ id: z.string(), connector: Connector }),
    output: ConnectionInfo,
  }),
  /** End the export to a host; to all hosts if the connector is null. */
  terminateConnection: operation({
    verb: 'POST',
    path,
    action: 'os-terminate_connection',
    status: 202,
    input: args({ id: z.string(), connector: Connector.nullable() }),
  }),
  /**
   * End an export and note that it is detached, whatever the server thinks. Administrators only.
   *
   * A server that still writes to it loses data: detach through Nova if it answers.
   */
  forceDetach: operation({
    verb: 'POST',
    path,
    action: 'os-force_detach',
    status: 202,
    input: args({
      id: z.string(),
      // Cinder wants an object, if need be with a null: `null` alone is a 400.
      attachment_id: z.string().nullable().default(null),
      connector: Connector.nullable().optional(),
    }),
  }),
};
