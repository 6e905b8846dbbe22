import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, type OutputAt } from '../shape.ts';

/** Amounts of one class of resources. */
const Amounts = {
  total: z.number(),
  /** Of the total, what is not given. */
  reserved: z.number(),
  /** The least and the most that one consumer may have, and in which steps. */
  min_unit: z.number(),
  max_unit: z.number(),
  step_size: z.number(),
  /** How often the rest is given: the capacity is `(total - reserved) * allocation_ratio`. */
  allocation_ratio: z.number(),
};

/** How much of one class of resources a provider has. */
export const Inventory = answer({ ...Amounts, resource_provider_generation: z.number() });
export type Inventory = OutputAt<typeof Inventory>;

/** All that a provider has, by resource class. */
export const Inventories = answer({
  resource_provider_generation: z.number(),
  inventories: z.record(z.string(), z.looseObject(Amounts)),
});
export type Inventories = OutputAt<typeof Inventories>;

const Count = z.number().int();
const GivenAmounts = {
  total: Count.positive(),
  /** Less than the total; from 1.26 on up to all of it. @default 0 */
  reserved: Count.nonnegative().optional(),
  /** @default 1 */
  min_unit: Count.positive().optional(),
  /** @default 2147483647 */
  max_unit: Count.positive().optional(),
  /** @default 1 */
  step_size: Count.positive().optional(),
  /** @default 1 */
  allocation_ratio: z.number().nonnegative().optional(),
};

/** Inventories to be set, by resource class. */
export const GivenInventories = z.record(z.string(), z.strictObject(GivenAmounts));

/** As last read. If it is no longer, the answer is a 409 `placement.concurrent_update`: read again. */
const Generation = z.number().int().nonnegative();

const OfProvider = args({ provider_id: z.string() });
const ByClass = args({ provider_id: z.string(), id: z.string() });

/** What providers have. The `id` of one is its resource class. What `nova-compute` reports, it reports again. */
export const inventories = resource({
  name: 'inventories',
  operations: {
    /** All of a provider, with the generation that a write needs. */
    show: operation({
      verb: 'GET',
      path: 'resource_providers/{provider_id}/inventories',
      input: OfProvider,
      output: Inventories,
    }),
    get: operation({
      verb: 'GET',
      path: 'resource_providers/{provider_id}/inventories/{id}',
      input: ByClass,
      output: Inventory,
    }),
    /** Add a class. 409 if the provider has some of it. */
    create: operation({
      verb: 'POST',
      path: 'resource_providers/{provider_id}/inventories',
      status: 201,
      input: args({ provider_id: z.string(), resource_class: z.string(), ...GivenAmounts }),
      output: Inventory,
    }),
    /** Set one class. Those amounts that are left out are set to their defaults. */
    update: operation({
      verb: 'PUT',
      path: 'resource_providers/{provider_id}/inventories/{id}',
      input: args({
        provider_id: z.string(),
        id: z.string(),
        resource_provider_generation: Generation,
        ...GivenAmounts,
      }),
      output: Inventory,
    }),
    /** Set all classes. Those left out are gone; 409 `placement.inventory.inuse` if one of them is allocated. */
    replace: operation({
      verb: 'PUT',
      path: 'resource_providers/{provider_id}/inventories',
      input: args({
        provider_id: z.string(),
        resource_provider_generation: Generation,
        inventories: GivenInventories,
      }),
      output: Inventories,
    }),
    /** Delete one class. 409 `placement.inventory.inuse` while it is allocated. */
    delete: operation({
      verb: 'DELETE',
      path: 'resource_providers/{provider_id}/inventories/{id}',
      input: ByClass,
    }),
    /** Delete all classes, whatever the generation. 409 while any is allocated. */
    clear: operation({
      verb: 'DELETE',
      path: 'resource_providers/{provider_id}/inventories',
      since: '1.5',
      input: OfProvider,
    }),
  },
});
