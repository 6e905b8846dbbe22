import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, changes, since } from '../../record/shape.ts';
import { EmptyAnswer } from './empty-answer.ts';
import { ResourceProvider } from './resource-provider.ts';

const ById = args({ id: z.string() });
const Name = z.string().min(1).max(200);
const Several = z.union([z.string(), z.array(z.string())]).optional();

/** Resource providers. The `id` is the `uuid`. */
export const resourceProviders = resource({
  name: 'resourceProviders',
  findBy: 'name',
  operations: {
    /** Show one provider. */
    get: operation({ verb: 'GET', path: 'resource_providers/{id}', input: ById, output: ResourceProvider }),
    /**
     * Iterate over providers, all in one answer: a cloud of thousands of hosts has megabytes of them.
     * @example
     * cloud.placement.at('1.18').resourceProviders.list({ resources: 'VCPU:4', required: 'HW_CPU_X86_AVX2' })
     */
    list: operation({
      verb: 'GET',
      path: 'resource_providers',
      receive: 'resource_providers',
      page: 'none',
      input: args({
        name: z.string().optional(),
        uuid: z.string().optional(),
        /**
         * The uuid of an aggregate, or `in:A,B` for any of several. Given several times from 1.24 on, all must hold;
         * from 1.32 on `!A` and `!in:A,B` are those outside.
         */
        member_of: changes(['1.3', z.string().optional()], ['1.24', Several]),
        /** Resources that it must have free: `VCPU:2,MEMORY_MB:512`. */
        resources: since('1.4', z.string().optional()),
        /** Any provider of the tree. */
        in_tree: since('1.14', z.string().optional()),
        /**
         * Traits that it has, `A,B`; from 1.22 on `!A` are those that it has not. From 1.39 on it can be given
         * several times, and `in:A,B` is any of several.
         */
        required: changes(['1.18', z.string().optional()], ['1.39', Several]),
      }),
      output: ResourceProvider,
    }),
    /**
     * Create a provider. 409 if there is one of that name or uuid. Before 1.20, and so without a pin, nothing is
     * answered: give a `uuid`, or pin.
     */
    create: operation({
      verb: 'POST',
      path: 'resource_providers',
      input: args({
        name: Name,
        uuid: z.string().optional(),
        parent_provider_uuid: since('1.14', z.string().nullable().optional()),
      }),
      output: changes(['1.0', EmptyAnswer], ['1.20', ResourceProvider]),
    }),
    /**
     * Change the name, which is always to be given, and the parent. Before 1.37 a provider can get a parent, but not
     * lose or change it.
     */
    update: operation({
      verb: 'PUT',
      path: 'resource_providers/{id}',
      input: args({
        id: z.string(),
        name: Name,
        parent_provider_uuid: since('1.14', z.string().nullable().optional()),
      }),
      output: ResourceProvider,
    }),
    /** Delete a provider with its inventory. 409 while it has allocations or is a parent. */
    delete: operation({ verb: 'DELETE', path: 'resource_providers/{id}', input: ById }),
  },
});
