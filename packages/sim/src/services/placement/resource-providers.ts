import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { conflict, notFound, ServiceFault } from '../../fault.ts';
import { type Json, record, text } from '../../wire.ts';
import { hasTraits } from './required-traits.ts';
import { resourcesOf } from './resources-query.ts';
import { adminRule } from './admin-rule.ts';
import type { Provider } from './state.ts';

export const resourceProviderRoutes: Routes = {
  'GET resource_providers': adminRule('resource_providers:list', (call) => {
    const { providers } = call.state.placement;
    let found = providers.values();
    const name = call.query.get('name');
    if (name !== null) found = found.filter((provider) => provider.name === name);
    const uuid = call.query.get('uuid');
    if (uuid !== null) found = found.filter((provider) => provider.id === uuid);
    const tree = call.query.get('in_tree');
    if (tree !== null)
      found = found.filter((provider) => rootOf(call, provider) === rootOf(call, providers.get(tree)));
    const aggregates = call.query.getAll('member_of').map((given) => given.replace(/^in:/, '').split(','));
    found = found.filter((provider) =>
      aggregates.every((any) => any.some((aggregate) => provider.aggregates.includes(aggregate))),
    );
    found = found.filter((provider) => hasTraits(provider, call.query.getAll('required')));
    const resources = resourcesOf(call.query.get('resources'));
    found = found.filter((provider) => call.state.placement.fits(provider, resources));
    return ok({ resource_providers: found.map((provider) => providerView(call, provider)) });
  }),
  'POST resource_providers': adminRule('resource_providers:create', (call) => {
    const given = record(call.body);
    const { placement, ids } = call.state;
    const name = text(given['name']) ?? '';
    if (placement.byName(name) !== undefined) {
      throw conflict(
        `Conflicting resource provider name: ${name} already exists.`,
        'placement.duplicate_name',
      );
    }
    const made = placement.addProvider(
      ids,
      name,
      {},
      text(given['uuid']) ?? ids.uuid(),
      text(given['parent_provider_uuid']) ?? null,
    );
    const headers = { Location: `${call.base}/resource_providers/${made.id}` };
    return call.atLeast('1.20')
      ? { status: 200, body: providerView(call, made), headers }
      : { status: 201, headers };
  }),
  'GET resource_providers/{uuid}': adminRule('resource_providers:show', (call) =>
    ok(providerView(call, providerOf(call))),
  ),
  'PUT resource_providers/{uuid}': adminRule('resource_providers:update', (call) => {
    const provider = providerOf(call);
    provider.name = text(record(call.body)['name']) ?? provider.name;
    provider.parent = text(record(call.body)['parent_provider_uuid']) ?? provider.parent;
    return ok(providerView(call, provider));
  }),
  'DELETE resource_providers/{uuid}': adminRule('resource_providers:delete', (call) => {
    const provider = providerOf(call);
    const { placement } = call.state;
    for (const consumer of placement.consumers.values()) {
      if (consumer.allocations.has(provider.id)) {
        throw conflict(
          `Unable to delete resource provider ${provider.id}: Resource provider has allocations.`,
          'placement.resource_provider.inuse',
        );
      }
    }
    placement.providers.delete(provider.id);
    return noContent;
  }),
};

export function providerOf(call: Call, suffix = ''): Provider {
  const uuid = call.param('uuid');
  const found = call.state.placement.providers.get(uuid);
  if (found !== undefined) return found;
  throw notFound(`No resource provider with uuid ${uuid} found${suffix.replace('%s', uuid)}`);
}

function providerView(call: Call, provider: Provider): Json {
  const self = `/placement/resource_providers/${provider.id}`;
  const more = [
    'inventories',
    'usages',
    ...(call.atLeast('1.1') ? ['aggregates'] : []),
    ...(call.atLeast('1.6') ? ['traits'] : []),
    ...(call.atLeast('1.11') ? ['allocations'] : []),
  ];
  return {
    uuid: provider.id,
    name: provider.name,
    generation: provider.generation,
    links: [{ rel: 'self', href: self }, ...more.map((rel) => ({ rel, href: `${self}/${rel}` }))],
    ...(call.atLeast('1.14')
      ? { parent_provider_uuid: provider.parent, root_provider_uuid: rootOf(call, provider) }
      : {}),
  };
}

export function rootOf(call: Call, provider: Provider | undefined): string | undefined {
  const parent = provider?.parent ? call.state.placement.providers.get(provider.parent) : undefined;
  return parent === undefined ? provider?.id : rootOf(call, parent);
}

export function requireGeneration(provider: Provider, given: unknown): void {
  if (given !== provider.generation) {
    throw new ServiceFault(409, 'resource provider generation conflict', {
      type: 'placement.concurrent_update',
    });
  }
}
