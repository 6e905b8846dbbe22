import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { answer, args, changes, since, until } from '../../record/shape.ts';
import { EmptyAnswer } from './empty-answer.ts';
import { DiskConfig, Metadata, Personality } from './new-server.ts';
import { AnsweredSecret, GivenSecret } from '../../record/secret-fields.ts';
import { RebuiltServer } from './server.ts';

const ImageMade = answer({ image_id: z.string() });

/** Actions between servers and images. All are asynchronous. */
export const serverImages = {
  /**
   * Replace the server's disk by an image; id, ports and volumes stay. From 2.93 on the disk of a server that was
   * booted from a volume is replaced too, before that it must have the same image.
   */
  rebuild: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'rebuild',
    receive: 'server',
    input: args({
      id: z.string(),
      imageRef: z.string(),
      name: z.string().optional(),
      adminPass: GivenSecret.optional(),
      /** Replaces what there was. */
      metadata: Metadata.optional(),
      'OS-DCF:diskConfig': DiskConfig.optional(),
      accessIPv4: z.string().optional(),
      accessIPv6: z.string().optional(),
      /** Ironic only. */
      preserve_ephemeral: z.boolean().optional(),
      personality: until('2.57', Personality.optional()),
      description: since('2.19', z.string().nullable().optional()),
      /** `null` takes the key away. */
      key_name: since('2.54', z.string().nullable().optional()),
      /** Base64; `null` takes it away. */
      user_data: since('2.57', z.string().nullable().optional()),
      trusted_image_certificates: since('2.63', z.array(z.string()).nullable().optional()),
      hostname: since('2.90', z.string().optional()),
    }),
    output: RebuiltServer,
    status: 202,
  }),
  /** Boot the server from a rescue image, its own disk beside it. It ends in `RESCUE`. */
  rescue: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'rescue',
    input: args({
      id: z.string(),
      adminPass: GivenSecret.optional(),
      /** The server's own image if absent. */
      rescue_image_ref: z.string().optional(),
    }),
    output: answer({ adminPass: AnsweredSecret.optional() }),
  }),
  /** Boot a server in `RESCUE` from its own disk again. */
  unrescue: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'unrescue',
    input: args({ id: z.string() }),
    status: 202,
  }),
  /**
   * Make an image of the server's disk; of a server booted from a volume, snapshots and an image that refers to
   * them. Before 2.45 the image's id is only in a header: pin to 2.45 to have it.
   */
  createImage: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'createImage',
    input: args({ id: z.string(), name: z.string(), metadata: Metadata.optional() }),
    output: changes(['2.1', EmptyAnswer], ['2.45', ImageMade]),
    status: 202,
  }),
  /** Make an image, and delete the oldest ones of the same type so that `rotation` are left. */
  createBackup: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'createBackup',
    input: args({
      id: z.string(),
      name: z.string(),
      /** `daily`, `weekly`: any word. */
      backup_type: z.string(),
      /** The number of backups to keep. 0 deletes all, this one too. */
      rotation: z.number().int().nonnegative(),
      metadata: Metadata.optional(),
    }),
    output: changes(['2.1', EmptyAnswer], ['2.45', ImageMade]),
    status: 202,
  }),
};
