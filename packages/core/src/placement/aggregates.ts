import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, since, type OutputAt } from '../shape.ts';

/** The aggregates that a provider is in. */
export const ProviderAggregates = answer({
  aggregates: z.array(z.string()),
  resource_provider_generation: since('1.19', z.number()),
});
export type ProviderAggregates = OutputAt<typeof ProviderAggregates>;

/** Aggregates of providers. They are ids and nothing else, made by being used; Nova uses those of its own aggregates. */
export const aggregates = resource({
  name: 'aggregates',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'resource_providers/{provider_id}/aggregates',
      since: '1.1',
      input: args({ provider_id: z.string() }),
      output: ProviderAggregates,
    }),
    /** Set all. 409 `placement.concurrent_update` if the provider has changed since its generation was read. */
    replace: operation({
      verb: 'PUT',
      path: 'resource_providers/{provider_id}/aggregates',
      since: '1.19',
      input: args({
        provider_id: z.string(),
        aggregates: z.array(z.string()),
        resource_provider_generation: z.number().int().nonnegative(),
      }),
      output: ProviderAggregates,
    }),
    /** Set all by an old microversion, whoever else has changed them meanwhile. */
    replaceUnguarded: operation({
      verb: 'PUT',
      path: 'resource_providers/{provider_id}/aggregates',
      since: '1.1',
      until: '1.19',
      body: 'aggregates',
      input: args({ provider_id: z.string(), aggregates: z.array(z.string()) }),
      output: ProviderAggregates,
    }),
  },
});
