import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';

/** By what lists of a resource may be filtered on this cloud. */
export const ResourceFilter = answer({
  /** `volume`, `snapshot`, `backup`, `pool`, … */
  resource: z.string(),
  filters: z.array(z.string()),
});
export type ResourceFilter = OutputAt<typeof ResourceFilter>;

/** Filters that the cloud allows to users. */
export const resourceFilters = resource({
  name: 'resourceFilters',
  operations: {
    list: operation({
      verb: 'GET',
      path: 'resource_filters',
      receive: 'resource_filters',
      page: 'none',
      since: '3.33',
      input: args({ resource: z.string().optional() }),
      output: ResourceFilter,
    }),
  },
});
