import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, type OutputAt } from '../shape.ts';

/** The traits of a provider. */
export const ProviderTraits = answer({
  traits: z.array(z.string()),
  resource_provider_generation: z.number(),
});
export type ProviderTraits = OutputAt<typeof ProviderTraits>;

const ByName = args({ id: z.string() });
const OfProvider = args({ provider_id: z.string() });

/** What a provider can do, by name: those of os-traits (`HW_CPU_X86_AVX2`), and the cloud's own (`CUSTOM_…`). */
export const traits = resource({
  name: 'traits',
  operations: {
    /** Iterate over names. */
    list: operation({
      verb: 'GET',
      path: 'traits',
      receive: 'traits',
      page: 'none',
      since: '1.6',
      input: args({
        /** `startswith:CUSTOM_`, or `in:` and names with commas. */
        name: z.string().optional(),
        /** Those that some provider has, or none has. */
        associated: z.boolean().optional(),
      }),
      output: z.string(),
    }),
    /** Ask whether there is one of this name. If not, it is a `NotFoundError`. */
    check: operation({ verb: 'GET', path: 'traits/{id}', since: '1.6', status: 204, input: ByName }),
    /** Create one, if there is none. The name begins with `CUSTOM_`. */
    ensure: operation({
      verb: 'PUT',
      path: 'traits/{id}',
      since: '1.6',
      status: 201,
      input: args({ id: z.string().regex(/^CUSTOM_[A-Z0-9_]+$/) }),
    }),
    /** Delete one of the cloud's own. 409 while a provider has it. */
    delete: operation({ verb: 'DELETE', path: 'traits/{id}', since: '1.6', input: ByName }),
  },
});

/** The traits that providers have. `nova-compute` sets those that it knows anew, and leaves the others. */
export const providerTraits = resource({
  name: 'providerTraits',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'resource_providers/{provider_id}/traits',
      since: '1.6',
      input: OfProvider,
      output: ProviderTraits,
    }),
    /** Set all. 409 `placement.concurrent_update` if the provider has changed since its generation was read. */
    replace: operation({
      verb: 'PUT',
      path: 'resource_providers/{provider_id}/traits',
      since: '1.6',
      input: args({
        provider_id: z.string(),
        traits: z.array(z.string().min(1).max(255)),
        resource_provider_generation: z.number().int().nonnegative(),
      }),
      output: ProviderTraits,
    }),
    /** Take all, whatever the generation. */
    clear: operation({
      verb: 'DELETE',
      path: 'resource_providers/{provider_id}/traits',
      since: '1.6',
      input: OfProvider,
    }),
  },
});
