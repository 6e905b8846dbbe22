import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Generation } from './amounts.ts';

/** The traits of a provider. */
export const ProviderTraits = answer({
  traits: z.array(z.string()),
  resource_provider_generation: z.number(),
});
export type ProviderTraits = OutputAt<typeof ProviderTraits>;

const OfProvider = args({ resource_provider_id: z.string() });

/** Traits of providers. Nova's compute service sets again those that it knows of its hosts, and keeps the others. */
export const providerTraits = resource({
  name: 'providerTraits',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'resource_providers/{resource_provider_id}/traits',
      since: '1.6',
      input: OfProvider,
      output: ProviderTraits,
    }),
    /** Set them all. 400 if one is not there, 409 if the generation is old. */
    replace: operation({
      verb: 'PUT',
      path: 'resource_providers/{resource_provider_id}/traits',
      since: '1.6',
      input: args({
        resource_provider_id: z.string(),
        traits: z.array(z.string().min(1).max(255)),
        resource_provider_generation: Generation,
      }),
      output: ProviderTraits,
    }),
    /** Remove all, without a look at the generation. */
    clear: operation({
      verb: 'DELETE',
      path: 'resource_providers/{resource_provider_id}/traits',
      since: '1.6',
      input: OfProvider,
    }),
  },
});
