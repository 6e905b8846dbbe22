import { z } from 'zod';

/** The arguments that every list has. Names are compared by their bytes in UTF-8. */
export const Paging = {
  /** Entries a page; the list goes on by itself. The service refuses more than its `container_listing_limit`, 10,000 by default. */
  limit: z.number().int().positive().optional(),
  /** Only names behind this one. */
  marker: z.string().optional(),
  /** Only names before this one. */
  end_marker: z.string().optional(),
  /** Only names that begin so. */
  prefix: z.string().optional(),
} as const;

/** Page size of all lists: a cloud may allow less than the default of 10,000, and refuses what asks for more. */
export const PAGE_SIZE = 1000;
