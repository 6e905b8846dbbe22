import { noContent, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { type Json, record, texts } from '../../wire.ts';
import { providerOf, requireGeneration } from './resource-providers.ts';
import { adminRule } from './admin-rule.ts';
import type { Provider } from './state.ts';

export const providerTraitRoutes: Routes = {
  'GET resource_providers/{uuid}/traits': adminRule('resource_providers:traits:list', (call) =>
    ok(traitsView(providerOf(call))),
  ),
  'PUT resource_providers/{uuid}/traits': adminRule('resource_providers:traits:update', (call) => {
    const provider = providerOf(call);
    const given = record(call.body);
    requireGeneration(provider, given['resource_provider_generation']);
    const unknown = texts(given['traits']).filter((trait) => !call.state.placement.traits.has(trait));
    if (unknown.length > 0) throw badRequest(`No such trait ${unknown.join(', ')}`);
    provider.traits = texts(given['traits']);
    provider.generation += 1;
    return ok(traitsView(provider));
  }),
  'DELETE resource_providers/{uuid}/traits': adminRule('resource_providers:traits:delete', (call) => {
    providerOf(call).traits = [];
    return noContent;
  }),
};

const traitsView = (provider: Provider): Json => ({
  traits: provider.traits,
  resource_provider_generation: provider.generation,
});
