import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

const Quota = tolerant({
  usage: z.number(),
  /** -1 is without limit. */
  limit: z.number(),
}).optional();

/** The usage and the limits of the project. Empty on a cloud that has no quotas for images in Keystone. */
export const ImageUsage = answer({
  /** MiB */
  image_size_total: Quota,
  /** MiB of staged bytes. */
  image_stage_total: Quota,
  image_count_total: Quota,
  /** Uploads and imports going on. */
  image_count_uploading: Quota,
});
export type ImageUsage = OutputAt<typeof ImageUsage>;

/** Quotas of the project that asks. Limits are Keystone's (`use_keystone_limits`). */
export const usage = resource({
  name: 'usage',
  operations: {
    /** From Yoga (Glance API 2.14) on. */
    get: operation({
      verb: 'GET',
      path: 'info/usage',
      receive: 'usage',
      input: args({}),
      output: ImageUsage,
    }),
  },
});
