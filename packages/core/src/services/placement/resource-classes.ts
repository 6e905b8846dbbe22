import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { CustomName } from './amounts.ts';
import { Links } from './link.ts';

/** A kind of resource: `VCPU`, `MEMORY_MB`, `CUSTOM_…`. */
export const ResourceClass = answer({ name: z.string(), links: Links });
export type ResourceClass = OutputAt<typeof ResourceClass>;

const ById = args({ id: z.string() });

/** Resource classes. The `id` is the name. */
export const resourceClasses = resource({
  name: 'resourceClasses',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'resource_classes/{id}',
      since: '1.2',
      input: ById,
      output: ResourceClass,
    }),
    list: operation({
      verb: 'GET',
      path: 'resource_classes',
      receive: 'resource_classes',
      page: 'none',
      since: '1.2',
      input: args({}),
      output: ResourceClass,
    }),
    /** Create one of the cloud's own. 409 if it is there already: `ensure` does not mind. */
    create: operation({
      verb: 'POST',
      path: 'resource_classes',
      since: '1.2',
      status: 201,
      input: args({ name: CustomName }),
    }),
    /** Create one of the cloud's own, unless it is there. */
    ensure: operation({
      verb: 'PUT',
      path: 'resource_classes/{id}',
      since: '1.7',
      status: 201,
      input: args({ id: CustomName }),
    }),
    /** Give one of the cloud's own another name. */
    rename: operation({
      verb: 'PUT',
      path: 'resource_classes/{id}',
      since: '1.2',
      until: '1.7',
      input: args({ id: z.string(), name: CustomName }),
      output: ResourceClass,
    }),
    /** Delete one of the cloud's own. 409 while a provider has an inventory of it. */
    delete: operation({ verb: 'DELETE', path: 'resource_classes/{id}', since: '1.2', input: ById }),
  },
});
