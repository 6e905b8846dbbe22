import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Generation, ResourceClassName } from './amounts.ts';
import { tolerant } from '../../record/tolerant.ts';

const figures = {
  /** The total amount. The capacity is `(total - reserved) * allocation_ratio`. */
  total: z.number(),
  /** Kept from being allocated. */
  reserved: z.number(),
  min_unit: z.number(),
  max_unit: z.number(),
  /** Each allocation is a multiple of it. */
  step_size: z.number(),
  /** The factor by which the total may be overcommitted. */
  allocation_ratio: z.number(),
};

/** The amount that a provider has of a resource class. */
export const Inventory = tolerant(figures);
export type Inventory = z.output<typeof Inventory>;

/** The inventory of one class of a provider, with the provider's generation. */
export const InventoryOfClass = answer({ resource_provider_generation: z.number(), ...figures });
export type InventoryOfClass = OutputAt<typeof InventoryOfClass>;

/** All inventories of a provider, by resource class. */
export const Inventories = answer({
  resource_provider_generation: z.number(),
  inventories: z.record(z.string(), Inventory),
});
export type Inventories = OutputAt<typeof Inventories>;

const Unit = z.number().int().positive().optional();

const given = {
  total: z.number().int().positive(),
  /** From 1.26 on it may be all of `total`. @default 0 */
  reserved: z.number().int().nonnegative().optional(),
  /** @default 1 */
  min_unit: Unit,
  /** @default 2147483647 */
  max_unit: Unit,
  /** @default 1 */
  step_size: Unit,
  /** @default 1 */
  allocation_ratio: z.number().optional(),
};

/** All inventories that a provider is to have, and the generation on which they are based. */
export const GivenInventories = z.strictObject({
  resource_provider_generation: Generation,
  inventories: z.record(
    ResourceClassName,
    z.strictObject({ ...given, resource_provider_generation: Generation.optional() }),
  ),
});

const OfProvider = args({ resource_provider_id: z.string() });
const OfClass = args({ resource_provider_id: z.string(), resource_class: z.string() });

/**
 * The inventories of providers. Nova's compute service sets that of its hosts about once a minute and undoes what others set
 * there, but for allocation ratios that its configuration leaves open.
 */
export const inventories = resource({
  name: 'inventories',
  operations: {
    /** Show all inventories of a provider. */
    get: operation({
      verb: 'GET',
      path: 'resource_providers/{resource_provider_id}/inventories',
      input: OfProvider,
      output: Inventories,
    }),
    /**
     * Set all at once: classes left out go. 409 if the generation is old, or if a class that goes is in use.
     * @example
     * const { resource_provider_generation, inventories } = await placement.inventories.get({ resource_provider_id });
     * await placement.inventories.replace({
     *   resource_provider_id,
     *   resource_provider_generation,
     *   inventories: { ...inventories, CUSTOM_LICENCE: { total: 20 } },
     * });
     */
    replace: operation({
      verb: 'PUT',
      path: 'resource_providers/{resource_provider_id}/inventories',
      input: args({ resource_provider_id: z.string(), ...GivenInventories.shape }),
      output: Inventories,
    }),
    /** Remove all, without a look at the generation. 409 if any is in use. */
    clear: operation({
      verb: 'DELETE',
      path: 'resource_providers/{resource_provider_id}/inventories',
      since: '1.5',
      input: OfProvider,
    }),
    /** Add a class. 409 if it is there already. */
    addClass: operation({
      verb: 'POST',
      path: 'resource_providers/{resource_provider_id}/inventories',
      status: 201,
      input: args({
        resource_provider_id: z.string(),
        resource_class: ResourceClassName,
        resource_provider_generation: Generation.optional(),
        ...given,
      }),
      output: InventoryOfClass,
    }),
    /** Show the inventory of one class of a provider. */
    getClass: operation({
      verb: 'GET',
      path: 'resource_providers/{resource_provider_id}/inventories/{resource_class}',
      input: OfClass,
      output: InventoryOfClass,
    }),
    /** Set one class that is there. What is left out goes back to its default. */
    replaceClass: operation({
      verb: 'PUT',
      path: 'resource_providers/{resource_provider_id}/inventories/{resource_class}',
      input: args({
        resource_provider_id: z.string(),
        resource_class: z.string(),
        resource_provider_generation: Generation,
        ...given,
      }),
      output: InventoryOfClass,
    }),
    /** Remove a class. 409 if it is in use. */
    deleteClass: operation({
      verb: 'DELETE',
      path: 'resource_providers/{resource_provider_id}/inventories/{resource_class}',
      input: OfClass,
    }),
  },
});
