import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A service of the catalogue, with the endpoints that the caller's project is to use. */
export const CatalogEntry = answer({
  id: z.string().optional(),
  type: z.string(),
  name: z.string().optional(),
  endpoints: z.array(
    tolerant({
      id: z.string().optional(),
      interface: z.string(),
      url: z.string(),
      region: z.string().nullable().optional(),
      region_id: z.string().nullable().optional(),
    }),
  ),
});
export type CatalogEntry = OutputAt<typeof CatalogEntry>;
