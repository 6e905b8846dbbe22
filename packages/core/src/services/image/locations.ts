import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { ImageLocation } from './image-entity.ts';

/**
 * The locations of images' bytes. From 2025.1 (Glance API 2.17) on; before, `images.update` changes `locations`.
 *
 * For services (Nova, Cinder) that share a store with Glance.
 */
export const locations = resource({
  name: 'locations',
  operations: {
    /** Services only. */
    list: operation({
      verb: 'GET',
      path: 'images/{image_id}/locations',
      page: 'none',
      input: args({ image_id: z.string() }),
      output: ImageLocation,
    }),
    /** Say where the bytes of a queued image are. It is `active` once Glance has, if it is to, hashed them. */
    add: operation({
      verb: 'POST',
      path: 'images/{image_id}/locations',
      status: 202,
      input: args({
        image_id: z.string(),
        url: z.string(),
        /** Both or neither. */
        validation_data: z
          .strictObject({
            os_hash_algo: z.enum(['sha1', 'sha256', 'sha512', 'md5']).optional(),
            os_hash_value: z.string().max(128).optional(),
          })
          .optional(),
      }),
    }),
  },
});
