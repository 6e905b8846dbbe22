import { z } from 'zod';

/**
 * Entries a page. Glance's own default is 25 (`limit_param_default`), so that a list asks for more; it caps what it
 * is asked for at its `api_limit_max`, 1000 unless configured.
 */
export const PAGE_SIZE = 1000;

/** Entries a page; the list goes on by itself. @default PAGE_SIZE */
export const Limit = z.number().int().nonnegative().optional();

/** Id of the entry after which to begin. */
export const Marker = z.string().optional();

export const SortDirection = z.enum(['asc', 'desc']).optional();
