import { z } from 'zod';
import { known } from '../../record/tolerant.ts';

/**
 * Entries that a page has. Octavia pages only if it is asked for a `limit`, or where `pagination_max_limit` is set: then a page has
 * no more than that, and a link as long as more may follow. The link has the limit and the order, and none of the filters
 * (`_make_links` of `octavia/api/common/pagination.py`).
 */
export const PAGE_SIZE = 1000;

const Text = z.string().optional();

/** The arguments that every list has. */
export const Paging = {
  /** Entries a page; the list goes on by itself. @default 1000 */
  limit: z.number().int().positive().optional(),
  /** Id of the entry after which to begin. */
  marker: z.string().optional(),
  sort_key: known(['id', 'name', 'created_at', 'updated_at']).optional(),
  sort_dir: z.enum(['asc', 'desc']).optional(),
} as const;

/** Filters by what every thing of a project has. Octavia compares for equality. */
export const CommonFilters = {
  id: Text,
  name: Text,
  description: Text,
  /** The project. Who sees all projects' is shown those of all unless one is named. */
  project_id: Text,
  provisioning_status: Text,
  operating_status: Text,
  admin_state_up: z.boolean().optional(),
  /** Has all of these tags; several are separated by commas. */
  tags: Text,
  'tags-any': Text,
  'not-tags': Text,
  'not-tags-any': Text,
} as const;
