import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, changes, since, type OutputAt } from '../shape.ts';

const Amounts = z.record(z.string(), z.number());

/** What is allocated of a provider, by resource class. */
export const ProviderUsage = answer({ resource_provider_generation: z.number(), usages: Amounts });
export type ProviderUsage = OutputAt<typeof ProviderUsage>;

/**
 * What is allocated to a project, by resource class. From 1.38 on that is told for each type of consumer (`INSTANCE`,
 * `MIGRATION`, …, `unknown` of older ones), with its `consumer_count`.
 */
export const Usage = answer({ usages: changes(['1.9', Amounts], ['1.38', z.record(z.string(), Amounts)]) });
export type Usage = OutputAt<typeof Usage>;

/** What is allocated. */
export const usages = resource({
  name: 'usages',
  operations: {
    /** Of a project, or of one of its users. */
    get: operation({
      verb: 'GET',
      path: 'usages',
      since: '1.9',
      input: args({
        project_id: z.string(),
        user_id: z.string().optional(),
        /** One type only; `all` adds them up under that name, `unknown` are those that have none. */
        consumer_type: since('1.38', z.string().optional()),
      }),
      output: Usage,
    }),
    /** Of a provider, by all its consumers. */
    getOfProvider: operation({
      verb: 'GET',
      path: 'resource_providers/{provider_id}/usages',
      input: args({ provider_id: z.string() }),
      output: ProviderUsage,
    }),
  },
});
