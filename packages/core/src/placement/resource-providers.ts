import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { args, changes, since } from '../shape.ts';
import { ResourceProvider } from './resource-provider.ts';

const ById = args({ id: z.string() });
const Text = z.string().optional();
const Texts = z.union([z.string(), z.array(z.string())]).optional();

/** `null` makes it a root. From 1.37 on a provider can be moved to another parent; before, only be given its first. */
const Parent = since('1.14', z.string().nullable().optional());

const NewProvider = args({
  name: z.string().min(1).max(200),
  /** Left out, Placement makes one. */
  uuid: z.string().optional(),
  parent_provider_uuid: Parent,
});

/**
 * Providers of resources. Their `uuid` is what is called `id` in arguments; that of a compute node is the id of
 * Nova's hypervisor.
 */
export const resourceProviders = resource({
  name: 'resourceProviders',
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'resource_providers/{id}',
      input: ById,
      output: ResourceProvider,
    }),
    /** Iterate over providers. Filters add up. */
    list: operation({
      verb: 'GET',
      path: 'resource_providers',
      receive: 'resource_providers',
      page: 'none',
      input: args({
        name: Text,
        uuid: Text,
        /**
         * An aggregate, or `in:` and several with commas: in any of them. Several of these, from 1.24 on: in each.
         * From 1.32 on `!` in front means in none.
         */
        member_of: changes(['1.3', Text], ['1.24', Texts]),
        /** Those with that much to give: `VCPU:4,MEMORY_MB:2048`. */
        resources: since('1.4', Text),
        /** Those of the tree that this provider is in. */
        in_tree: since('1.14', Text),
        /**
         * Traits that it has, with commas. From 1.22 on `!` in front means that it has not; from 1.39 on `in:` in
         * front of several means any of them, and there may be several of these.
         */
        required: changes(['1.18', Text], ['1.39', Texts]),
      }),
      output: ResourceProvider,
    }),
    /**
     * Create a provider. 409 `placement.duplicate_name` if there is one of that name.
     *
     * It asks for 1.20, which is the first microversion that answers the provider.
     */
    create: operation({
      verb: 'POST',
      path: 'resource_providers',
      since: '1.20',
      status: 200,
      input: NewProvider,
      output: ResourceProvider,
    }),
    /** Create a provider by an old microversion, which answers nothing. */
    createUnanswered: operation({
      verb: 'POST',
      path: 'resource_providers',
      until: '1.20',
      status: 201,
      input: NewProvider,
    }),
    /** Give it another name, or a parent. Without the parent it keeps the one that it has. */
    update: operation({
      verb: 'PUT',
      path: 'resource_providers/{id}',
      input: args({ id: z.string(), name: z.string().min(1).max(200), parent_provider_uuid: Parent }),
      output: ResourceProvider,
    }),
    /** Delete a provider. 409 while it has allocations, or providers below it. */
    delete: operation({ verb: 'DELETE', path: 'resource_providers/{id}', input: ById }),
  },
});
