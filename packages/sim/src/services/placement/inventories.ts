import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { type Json, number, record } from '../../wire.ts';
import { providerOf, requireGeneration } from './resource-providers.ts';
import { adminRule } from './admin-rule.ts';
import { type Inventory, inventoryOf, type Provider } from './state.ts';

export const inventoryRoutes: Routes = {
  'GET resource_providers/{uuid}/inventories': adminRule('resource_providers:inventories:list', (call) =>
    ok(inventoriesView(providerOf(call))),
  ),
  'PUT resource_providers/{uuid}/inventories': adminRule('resource_providers:inventories:update', (call) => {
    const provider = providerOf(call);
    const given = record(call.body);
    requireGeneration(provider, given['resource_provider_generation']);
    const next = Object.fromEntries(
      Object.entries(record(given['inventories'])).map(([name, asked]) => [name, inventory(record(asked))]),
    );
    for (const name of Object.keys(provider.inventories))
      if (!(name in next)) requireUnused(call, provider, name);
    provider.inventories = next;
    provider.generation += 1;
    return ok(inventoriesView(provider));
  }),
  'DELETE resource_providers/{uuid}/inventories': adminRule(
    'resource_providers:inventories:delete',
    (call) => {
      const provider = providerOf(call);
      for (const name of Object.keys(provider.inventories)) requireUnused(call, provider, name);
      provider.inventories = {};
      provider.generation += 1;
      return noContent;
    },
  ),
  'GET resource_providers/{uuid}/inventories/{class}': adminRule(
    'resource_providers:inventories:show',
    (call) => {
      const provider = providerOf(call);
      return ok({ ...inventoryAt(call, provider), resource_provider_generation: provider.generation });
    },
  ),
  'PUT resource_providers/{uuid}/inventories/{class}': adminRule(
    'resource_providers:inventories:update',
    (call) => {
      const provider = providerOf(call);
      const given = record(call.body);
      requireGeneration(provider, given['resource_provider_generation']);
      provider.inventories[call.param('class')] = inventory(given);
      provider.generation += 1;
      return ok({ ...inventoryAt(call, provider), resource_provider_generation: provider.generation });
    },
  ),
  'DELETE resource_providers/{uuid}/inventories/{class}': adminRule(
    'resource_providers:inventories:delete',
    (call) => {
      const provider = providerOf(call);
      inventoryAt(call, provider);
      requireUnused(call, provider, call.param('class'));
      delete provider.inventories[call.param('class')];
      provider.generation += 1;
      return noContent;
    },
  ),
};

function inventory(given: Json): Inventory {
  const { resource_provider_generation: _generation, ...fields } = given;
  const total = number(given['total']);
  if (total === undefined) throw badRequest("JSON does not validate: 'total' is a required property");
  return { ...inventoryOf(total), ...(fields as Partial<Inventory>) };
}

function inventoryAt(call: Call, provider: Provider): Inventory {
  const found = provider.inventories[call.param('class')];
  if (found === undefined) throw notFound(`No inventory of class ${call.param('class')} for ${provider.id}`);
  return found;
}

function requireUnused(call: Call, provider: Provider, name: string): void {
  if (call.state.placement.used(provider.id, name) > 0) {
    throw conflict(
      `Unable to delete inventory: Inventory for '${name}' on resource provider '${provider.id}' in use.`,
      'placement.inventory.inuse',
    );
  }
}

const inventoriesView = (provider: Provider): Json => ({
  resource_provider_generation: provider.generation,
  inventories: provider.inventories,
});
