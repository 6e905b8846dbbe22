import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since } from '../../record/shape.ts';
import { Amounts } from './amounts.ts';
import {
  AsList,
  ByProvider,
  ConsumerGeneration,
  Consumers13,
  Consumers28,
  Consumers34,
  Consumers38,
  ConsumerType,
  Mappings,
  Owner,
  SomeByProvider,
} from './given-allocations.ts';
import { tolerant } from '../../record/tolerant.ts';

/**
 * The allocations of a consumer. A consumer that has nothing, or does not exist, has no `allocations`, and then none of the
 * other fields.
 */
export const Allocations = answer({
  /** By the uuid of the provider. */
  allocations: z.record(z.string(), tolerant({ resources: Amounts, generation: z.number() })),
  project_id: since('1.12', z.string().optional()),
  user_id: since('1.12', z.string().optional()),
  /** Grows with every change: to be given back with one. */
  consumer_generation: since('1.28', z.number().optional()),
  /** `INSTANCE`, `MIGRATION`; `unknown` if it was made before 1.38. */
  consumer_type: since('1.38', z.string().optional()),
});
export type Allocations = OutputAt<typeof Allocations>;

/** The consumers of a provider, with their allocations. */
export const ProviderAllocations = answer({
  resource_provider_generation: z.number(),
  /** By the uuid of the consumer. */
  allocations: changes(
    ['1.0', z.record(z.string(), tolerant({ resources: Amounts }))],
    [
      '1.28',
      z.record(z.string(), tolerant({ resources: Amounts, consumer_generation: z.number().nullable() })),
    ],
  ),
});
export type ProviderAllocations = OutputAt<typeof ProviderAllocations>;

const ById = args({ id: z.string() });

/**
 * Allocations. The `id` is the consumer's: of a server the server's own, and while it moves to another host that of
 * the migration, which holds what the server has on the source.
 */
export const allocations = resource({
  name: 'allocations',
  operations: {
    /** Show the allocations of a consumer. A consumer that does not exist has nothing: there is no 404. */
    get: operation({ verb: 'GET', path: 'allocations/{id}', input: ById, output: Allocations }),
    /** The consumers of a provider, with their allocations. */
    ofProvider: operation({
      verb: 'GET',
      path: 'resource_providers/{resource_provider_id}/allocations',
      input: args({ resource_provider_id: z.string() }),
      output: ProviderAllocations,
    }),
    /**
     * Set what a consumer has: providers left out lose it. 409 if a provider has too little or, from 1.28 on, if
     * `consumer_generation` is old.
     *
     * Nova does not learn of it: for a server that it runs, this is for repairs.
     */
    replace: operation({
      verb: 'PUT',
      path: 'allocations/{id}',
      status: 204,
      input: args({
        id: z.string(),
        allocations: changes(['1.0', AsList], ['1.12', SomeByProvider], ['1.28', ByProvider]),
        project_id: since('1.8', Owner),
        user_id: since('1.8', Owner),
        consumer_generation: since('1.28', ConsumerGeneration),
        mappings: since('1.34', Mappings),
        consumer_type: since('1.38', ConsumerType),
      }),
    }),
    /** Set what several consumers have, all or none: how Nova hands over from a server to its migration. */
    replaceSeveral: operation({
      verb: 'POST',
      path: 'allocations',
      since: '1.13',
      status: 204,
      body: 'consumers',
      input: args({
        consumers: changes(
          ['1.13', Consumers13],
          ['1.28', Consumers28],
          ['1.34', Consumers34],
          ['1.38', Consumers38],
        ),
      }),
    }),
    /** Remove what a consumer has, whatever its generation. 404 if it has nothing. */
    delete: operation({ verb: 'DELETE', path: 'allocations/{id}', input: ById }),
  },
});
