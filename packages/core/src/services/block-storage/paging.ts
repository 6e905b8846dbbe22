import { z } from 'zod';

/** Entries a page; the list goes on by itself. Cinder caps it at its `osapi_max_limit`, 1000 unless configured. */
const Limit = z.number().int().nonnegative().optional();

/** Id of the entry after which to begin. */
const Marker = z.string().optional();

/** The number of entries to skip. */
const Offset = z.number().int().nonnegative().optional();

/** Keys with their direction: `created_at:desc,id`. The default is `created_at:desc,id:desc`. */
const Sort = z.string().optional();

/** The arguments that every list has. */
export const Paging = { limit: Limit, marker: Marker, offset: Offset, sort: Sort } as const;

/**
 * Page size of the lists whose continuation cannot be followed by link, and which are therefore read by offset:
 * Cinder names their links `group_links`, `volume_type_links`, … instead of after the collection, or gives none
 * (`cinder/api/v3/views`). A cloud that caps pages lower is read in its own steps.
 */
export const PAGE_SIZE = 1000;
