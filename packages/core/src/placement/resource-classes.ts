import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, type OutputAt } from '../shape.ts';

/** A kind of resources: those of os-resource-classes (`VCPU`), and the cloud's own (`CUSTOM_…`). */
export const ResourceClass = answer({
  name: z.string(),
  links: z.array(z.looseObject({ rel: z.string(), href: z.string() })).optional(),
});
export type ResourceClass = OutputAt<typeof ResourceClass>;

const ByName = args({ id: z.string() });
const CustomName = z
  .string()
  .max(255)
  .regex(/^CUSTOM_[A-Z0-9_]+$/);

/** Kinds of resources. The `id` of one is its name. */
export const resourceClasses = resource({
  name: 'resourceClasses',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'resource_classes/{id}',
      since: '1.2',
      input: ByName,
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
    /** Create one. 409 if there is one of that name. */
    create: operation({
      verb: 'POST',
      path: 'resource_classes',
      since: '1.2',
      status: 201,
      input: args({ name: CustomName }),
    }),
    /** Create one, if there is none. */
    ensure: operation({
      verb: 'PUT',
      path: 'resource_classes/{id}',
      since: '1.7',
      status: 201,
      input: args({ id: CustomName }),
    }),
    /** Give one another name. From 1.7 on that cannot be done. */
    rename: operation({
      verb: 'PUT',
      path: 'resource_classes/{id}',
      since: '1.2',
      until: '1.7',
      input: args({ id: z.string(), name: CustomName }),
      output: ResourceClass,
    }),
    /** Delete one of the cloud's own. 409 while a provider has some of it. */
    delete: operation({ verb: 'DELETE', path: 'resource_classes/{id}', since: '1.2', input: ByName }),
  },
});
