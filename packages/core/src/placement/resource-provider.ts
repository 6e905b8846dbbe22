import { z } from 'zod';
import { answer, since, type OutputAt } from '../shape.ts';

/** Where related things are; which relations there are depends on the microversion. */
const Links = z.array(z.looseObject({ rel: z.string(), href: z.string() })).optional();

/** Something that has resources: a compute node, a pool of storage, a network card. */
export const ResourceProvider = answer({
  uuid: z.string(),
  name: z.string(),
  /** Counts changes. Writes give it back; if it is not the current one, they are a 409 `placement.concurrent_update`. */
  generation: z.number(),
  /** Null at the top of a tree. */
  parent_provider_uuid: since('1.14', z.string().nullable()),
  /** The top of its tree, which may be itself. */
  root_provider_uuid: since('1.14', z.string().nullable()),
  links: Links,
});
export type ResourceProvider = OutputAt<typeof ResourceProvider>;
