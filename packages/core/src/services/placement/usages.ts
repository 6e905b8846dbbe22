import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since } from '../../record/shape.ts';
import { Amounts } from './amounts.ts';

/** The usage of a provider. Classes that it has and of which nothing is in use are 0. */
export const ProviderUsages = answer({ resource_provider_generation: z.number(), usages: Amounts });
export type ProviderUsages = OutputAt<typeof ProviderUsages>;

/** The usage of providers and projects. */
export const usages = resource({
  name: 'usages',
  operations: {
    /** Show the usage of one provider, by resource class. */
    ofProvider: operation({
      verb: 'GET',
      path: 'resource_providers/{resource_provider_id}/usages',
      input: args({ resource_provider_id: z.string() }),
      output: ProviderUsages,
    }),
    /**
     * Show the usage of a project on all providers, by resource class; from 1.38 on first by type of consumer (`INSTANCE`,
     * `MIGRATION`, `unknown`), where `consumer_count` is one of the figures.
     */
    ofProject: operation({
      verb: 'GET',
      path: 'usages',
      receive: 'usages',
      since: '1.9',
      input: args({
        project_id: z.string().min(1).max(255),
        user_id: z.string().min(1).max(255).optional(),
        /** A type of consumer; `unknown` for those of before 1.38; `all` for the sum of all, under the name `all`. */
        consumer_type: since('1.38', z.string().min(1).max(255).optional()),
      }),
      output: changes(['1.9', Amounts], ['1.38', z.record(z.string(), Amounts)]),
    }),
  },
});
