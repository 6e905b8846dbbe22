import { z } from 'zod';
import { known } from '../../record/tolerant.ts';

/**
 * Pages of lists that can be large. Keystone before 2025.1 knows none of it and answers all at once, cut at its
 * `list_limit` if that is set: the list then ends with a `PaginationError` rather than incomplete.
 */
export const Paging = {
  /** Entries a page; the list goes on by itself. */
  limit: z.number().int().nonnegative().optional(),
  /** Id of the entry after which to begin. */
  marker: z.string().optional(),
} as const;

/** Order of lists that can be put in one: 2025.1 and later. */
export const Sorting = {
  /** A field. */
  sort_key: known(['id', 'name']).optional(),
  /** @default 'asc' */
  sort_dir: z.enum(['asc', 'desc']).optional(),
} as const;

/**
 * Filters by name. All but the plain one are compared in the database, `i…` without regard to case
 * (`keystone/server/flask/common.py`, `build_driver_hints`).
 */
export const NameFilters = {
  /** Exactly this name. */
  name: z.string().optional(),
  name__contains: z.string().optional(),
  name__icontains: z.string().optional(),
  name__startswith: z.string().optional(),
  name__istartswith: z.string().optional(),
  name__endswith: z.string().optional(),
  name__iendswith: z.string().optional(),
} as const;

/**
 * A switch that is on by its presence: Keystone takes `false` for true (`query_filter_is_true` in
 * `keystone/server/flask/common.py`), so that off is to leave it out.
 */
export const Switch = z.literal(true).optional();
