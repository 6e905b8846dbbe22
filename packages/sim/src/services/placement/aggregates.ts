import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { type Json, record, texts } from '../../wire.ts';
import { providerOf, requireGeneration } from './resource-providers.ts';
import { adminRule } from './admin-rule.ts';
import type { Provider } from './state.ts';

export const aggregateRoutes: Routes = {
  'GET resource_providers/{uuid}/aggregates': adminRule('resource_providers:aggregates:list', (call) =>
    ok(aggregatesView(call, providerOf(call))),
  ),
  'PUT resource_providers/{uuid}/aggregates': adminRule('resource_providers:aggregates:update', (call) => {
    const provider = providerOf(call);
    if (call.atLeast('1.19')) {
      requireGeneration(provider, record(call.body)['resource_provider_generation']);
      provider.aggregates = texts(record(call.body)['aggregates']);
      provider.generation += 1;
    } else provider.aggregates = texts(call.body);
    return ok(aggregatesView(call, provider));
  }),
};

/** The aggregates of a provider, with its generation where the version tells it. */
const aggregatesView = (call: Call, provider: Provider): Json => ({
  aggregates: provider.aggregates,
  ...(call.atLeast('1.19') ? { resource_provider_generation: provider.generation } : {}),
});
