import { z } from 'zod';
import { known } from '../../record/tolerant.ts';

/** A yes-or-no filter. Masakari hands the text to its database, which knows 1 and 0, and takes `true` for 0. */
export const Flag = z.union([z.literal(0), z.literal(1)]).optional();

/** Arguments that every list takes. Without `sort_key` the newest come first. */
export const paging = {
  sort_key: known(['id', 'created_at', 'updated_at']).optional(),
  sort_dir: z.enum(['asc', 'desc']).optional(),
  limit: z.number().int().positive().optional(),
  /** The number (`id`) of the entry to begin behind, not its uuid. */
  marker: z.number().int().optional(),
};
