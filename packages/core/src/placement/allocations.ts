import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, changes, since, type OutputAt } from '../shape.ts';
import {
  ByConsumer,
  ConsumerGeneration,
  ConsumerType,
  GivenList,
  GivenMap,
  Mappings,
} from './given-allocations.ts';

const Amounts = z.record(z.string(), z.number());

/** What a consumer has, by provider. One that has nothing, or that nobody knows, has `allocations: {}` and no more. */
export const Allocations = answer({
  allocations: z.record(z.string(), z.looseObject({ resources: Amounts, generation: z.number() })),
  project_id: since('1.12', z.string().optional()),
  user_id: since('1.12', z.string().optional()),
  /** To be given back by a write. */
  consumer_generation: since('1.28', z.number().nullable().optional()),
  consumer_type: since('1.38', z.string().optional()),
});
export type Allocations = OutputAt<typeof Allocations>;

/** What consumers have of one provider, by consumer. */
export const ProviderAllocations = answer({
  allocations: z.record(
    z.string(),
    z.looseObject({
      resources: Amounts,
      /** From 1.28 on. */
      consumer_generation: z.number().nullable().optional(),
    }),
  ),
  resource_provider_generation: z.number(),
});
export type ProviderAllocations = OutputAt<typeof ProviderAllocations>;

/**
 * Who has what. The `id` is the consumer's: of a server its own, of a migration the migration's `uuid`. Nova keeps
 * them; a change by hand is for what it left behind.
 */
export const allocations = resource({
  name: 'allocations',
  operations: {
    /** What a consumer has. It never is a 404: an unknown consumer has nothing. */
    get: operation({
      verb: 'GET',
      path: 'allocations/{id}',
      input: args({ id: z.string() }),
      output: Allocations,
    }),
    /** What all consumers have of a provider. */
    getOfProvider: operation({
      verb: 'GET',
      path: 'resource_providers/{provider_id}/allocations',
      input: args({ provider_id: z.string() }),
      output: ProviderAllocations,
    }),
    /**
     * Set what a consumer has, instead of what it had. 409 if a provider has not that much. From 1.28 on
     * `allocations: {}` takes all, and the generation guards against others who write.
     */
    replace: operation({
      verb: 'PUT',
      path: 'allocations/{id}',
      status: 204,
      input: args({
        id: z.string(),
        /** By provider; before 1.12 a list. */
        allocations: changes(['1.0', GivenList], ['1.12', GivenMap]),
        project_id: since('1.8', z.string()),
        user_id: since('1.8', z.string()),
        consumer_generation: since('1.28', ConsumerGeneration),
        mappings: since('1.34', Mappings),
        consumer_type: since('1.38', ConsumerType),
      }),
    }),
    /** Set what several consumers have, all or none: how one hands over to another. */
    replaceSeveral: operation({
      verb: 'POST',
      path: 'allocations',
      body: 'consumers',
      since: '1.13',
      status: 204,
      input: args({
        /** By consumer. */
        consumers: changes(
          ['1.13', ByConsumer.at13],
          ['1.28', ByConsumer.at28],
          ['1.34', ByConsumer.at34],
          ['1.38', ByConsumer.at38],
        ),
      }),
    }),
    /** Take all that a consumer has, whatever the generation. 404 if that is nothing. */
    delete: operation({ verb: 'DELETE', path: 'allocations/{id}', input: args({ id: z.string() }) }),
  },
});
