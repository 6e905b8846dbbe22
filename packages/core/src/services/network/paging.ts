import { z } from 'zod';
import { known } from '../../record/tolerant.ts';

/**
 * Entries that a page has. Neutron pages only if it is asked for a `limit`, and answers whole tables otherwise: a
 * list of 100,000 ports is then one body of several hundred megabytes. A cloud that caps pages lower
 * (`pagination_max_limit`) is followed by its links all the same.
 */
export const PAGE_SIZE = 1000;

/** Fields that every resource has, of which any other may be named as well. */
const SortKey = known(['id', 'name', 'project_id']);

/** The arguments that every list has. */
export const Paging = {
  /** Entries a page; the list goes on by itself. @default 1000 */
  limit: z.number().int().nonnegative().optional(),
  /** Id of the entry after which to begin. */
  marker: z.string().optional(),
  /**
   * Begin with the page before `marker`, or with the last one. From there on the list goes forwards. @default
   * false
   */
  page_reverse: z.boolean().optional(),
  /** By which field to sort; several count in their order. @default 'id' */
  sort_key: z.union([SortKey, z.array(SortKey)]).optional(),
  /** A direction for each `sort_key`, in the same order. @default 'asc' */
  sort_dir: z.union([z.enum(['asc', 'desc']), z.array(z.enum(['asc', 'desc']))]).optional(),
} as const;

/** The only fields to be answered. */
export const Fields = z.array(z.string()).min(1);
