import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since, until } from '../../record/shape.ts';
import { EmptyAnswer } from './empty-answer.ts';

/** A volume at a server. */
export const VolumeAttachment = answer({
  /** The volume's id once more. Gone with 2.89, whose `attachment_id` is what it seemed to be. */
  id: until('2.89', z.string()),
  volumeId: z.string(),
  serverId: z.string(),
  /** The name that Nova gave it. The guest may see another. */
  device: z.string().nullable().optional(),
  tag: since('2.70', z.string().nullable()),
  delete_on_termination: since('2.79', z.boolean()),
  /** Cinder's attachment. */
  attachment_id: since('2.89', z.string().nullable()),
  bdm_uuid: since('2.89', z.string()),
});
export type VolumeAttachment = OutputAt<typeof VolumeAttachment>;

/** The answer to attaching, without the ids that `get` and `list` tell from 2.89 on. */
const NewVolumeAttachment = answer({
  id: z.string().optional(),
  volumeId: z.string(),
  serverId: z.string(),
  device: z.string().nullable().optional(),
  tag: since('2.70', z.string().nullable()),
  delete_on_termination: since('2.79', z.boolean()),
});

const OneVolume = args({ server_id: z.string(), volume_id: z.string() });
const Device = z.string().nullable().optional();

/** The volumes of one server. */
export const volumeAttachments = resource({
  name: 'volumeAttachments',
  operations: {
    /** Show how a volume is attached. 404 if it is not. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-volume_attachments/{volume_id}',
      receive: 'volumeAttachment',
      input: OneVolume,
      output: VolumeAttachment,
    }),
    /** List all volumes of the server. */
    list: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-volume_attachments',
      receive: 'volumeAttachments',
      page: 'none',
      input: args({
        server_id: z.string(),
        limit: z.number().int().nonnegative().optional(),
        offset: z.number().int().nonnegative().optional(),
      }),
      output: VolumeAttachment,
    }),
    /**
     * Attach a volume. From 2.101 on Nova only accepts the request (202) and answers nothing: wait for the volume
     * to be `in-use`.
     */
    create: operation({
      verb: 'POST',
      path: 'servers/{server_id}/os-volume_attachments',
      send: 'volumeAttachment',
      receive: 'volumeAttachment',
      input: args({
        server_id: z.string(),
        volumeId: z.string(),
        /** Libvirt does not keep to it. */
        device: Device,
        tag: since('2.49', z.string().optional()),
        delete_on_termination: since('2.79', z.boolean().optional()),
      }),
      output: changes(['2.1', NewVolumeAttachment], ['2.101', EmptyAnswer]),
    }),
    /**
     * Before 2.85: swap the volume for the one in `volumeId`, which belongs to Cinder's own migration of volumes.
     * From 2.85 on also: change `delete_on_termination`, with `volumeId` the volume itself.
     */
    update: operation({
      verb: 'PUT',
      path: 'servers/{server_id}/os-volume_attachments/{volume_id}',
      send: 'volumeAttachment',
      input: args({
        server_id: z.string(),
        volume_id: z.string(),
        volumeId: z.string(),
        delete_on_termination: since('2.85', z.boolean().optional()),
        /** The rest of an answer may be sent back, unchanged. */
        id: since('2.85', z.string().optional()),
        serverId: since('2.85', z.string().optional()),
        device: since('2.85', Device),
        tag: since('2.85', z.string().optional()),
      }),
      status: 202,
    }),
    /** Detach it. Asynchronous: wait for the volume to be `available`. */
    delete: operation({
      verb: 'DELETE',
      path: 'servers/{server_id}/os-volume_attachments/{volume_id}',
      input: OneVolume,
      status: 202,
    }),
  },
});
