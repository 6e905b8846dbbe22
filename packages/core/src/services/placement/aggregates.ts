import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, since } from '../../record/shape.ts';
import { Generation } from './amounts.ts';

/** The aggregates of a provider. */
export const ProviderAggregates = answer({
  /** Any uuids: Placement makes one by its being named. Nova names its host aggregates by theirs. */
  aggregates: z.array(z.string()),
  resource_provider_generation: since('1.19', z.number()),
});
export type ProviderAggregates = OutputAt<typeof ProviderAggregates>;

const OfProvider = args({ resource_provider_id: z.string() });

/** Aggregates of providers: those in one share what one of them shares, and can be asked for together. */
export const aggregates = resource({
  name: 'aggregates',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'resource_providers/{resource_provider_id}/aggregates',
      since: '1.1',
      input: OfProvider,
      output: ProviderAggregates,
    }),
    /** Set them all. 409 if the generation is old. */
    replace: operation({
      verb: 'PUT',
      path: 'resource_providers/{resource_provider_id}/aggregates',
      since: '1.19',
      input: args({
        resource_provider_id: z.string(),
        aggregates: z.array(z.string()),
        resource_provider_generation: Generation,
      }),
      output: ProviderAggregates,
    }),
    /** Set them all, whoever else changed them: as it was before there were generations. */
    overwrite: operation({
      verb: 'PUT',
      path: 'resource_providers/{resource_provider_id}/aggregates',
      since: '1.1',
      until: '1.19',
      body: 'aggregates',
      input: args({ resource_provider_id: z.string(), aggregates: z.array(z.string()) }),
      output: ProviderAggregates,
    }),
  },
});
