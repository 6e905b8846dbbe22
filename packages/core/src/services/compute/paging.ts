import { z } from 'zod';

/** Entries a page; the list goes on by itself. Nova caps it at its `[api] max_limit`, 1000 unless configured. */
export const Limit = z.number().int().nonnegative().optional();

/** Id of the entry after which to begin. */
export const Marker = z.string().optional();

/** Direction of a sort, one for each key. */
export const SortDirection = z.enum(['asc', 'desc']);
