import { created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound, ServiceFault } from '../../fault.ts';

import { type Json, number, record, text, texts } from '../../wire.ts';
import { type Inventory, inventoryOf, type Provider, type Resources } from './state.ts';

export const rule = (name: string, handler: Handler): Handler => admin(`placement:${name}`, handler);

/** Providers, inventories, traits, aggregates, usages, allocations and candidates. */
export const placementRoutes: Routes = {
  'GET resource_providers': rule('resource_providers:list', (call) => {
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
    return ok({ resource_providers: found.map((provider) => show(call, provider)) });
  }),
  'POST resource_providers': rule('resource_providers:create', (call) => {
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
    return call.atLeast('1.20') ? { status: 200, body: show(call, made), headers } : { status: 201, headers };
  }),
  'GET resource_providers/{uuid}': rule('resource_providers:show', (call) => ok(show(call, find(call)))),
  'PUT resource_providers/{uuid}': rule('resource_providers:update', (call) => {
    const provider = find(call);
    provider.name = text(record(call.body)['name']) ?? provider.name;
    provider.parent = text(record(call.body)['parent_provider_uuid']) ?? provider.parent;
    return ok(show(call, provider));
  }),
  'DELETE resource_providers/{uuid}': rule('resource_providers:delete', (call) => {
    const provider = find(call);
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
  'GET resource_providers/{uuid}/inventories': rule('resource_providers:inventories:list', (call) =>
    ok(inventories(find(call))),
  ),
  'PUT resource_providers/{uuid}/inventories': rule('resource_providers:inventories:update', (call) => {
    const provider = find(call);
    const given = record(call.body);
    generation(provider, given['resource_provider_generation']);
    const next = Object.fromEntries(
      Object.entries(record(given['inventories'])).map(([name, asked]) => [name, inventory(record(asked))]),
    );
    for (const name of Object.keys(provider.inventories)) if (!(name in next)) unused(call, provider, name);
    provider.inventories = next;
    provider.generation += 1;
    return ok(inventories(provider));
  }),
  'DELETE resource_providers/{uuid}/inventories': rule('resource_providers:inventories:delete', (call) => {
    const provider = find(call);
    for (const name of Object.keys(provider.inventories)) unused(call, provider, name);
    provider.inventories = {};
    provider.generation += 1;
    return noContent;
  }),
  'GET resource_providers/{uuid}/inventories/{class}': rule('resource_providers:inventories:show', (call) => {
    const provider = find(call);
    return ok({ ...inventoryAt(call, provider), resource_provider_generation: provider.generation });
  }),
  'PUT resource_providers/{uuid}/inventories/{class}': rule(
    'resource_providers:inventories:update',
    (call) => {
      const provider = find(call);
      const given = record(call.body);
      generation(provider, given['resource_provider_generation']);
      provider.inventories[call.param('class')] = inventory(given);
      provider.generation += 1;
      return ok({ ...inventoryAt(call, provider), resource_provider_generation: provider.generation });
    },
  ),
  'DELETE resource_providers/{uuid}/inventories/{class}': rule(
    'resource_providers:inventories:delete',
    (call) => {
      const provider = find(call);
      inventoryAt(call, provider);
      unused(call, provider, call.param('class'));
      delete provider.inventories[call.param('class')];
      provider.generation += 1;
      return noContent;
    },
  ),
  'GET resource_providers/{uuid}/usages': rule('resource_providers:usages', (call) => {
    const provider = find(call, ': No resource provider with uuid %s found');
    return ok({
      resource_provider_generation: provider.generation,
      usages: call.state.placement.usages(provider),
    });
  }),
  'GET resource_providers/{uuid}/allocations': rule('resource_providers:allocations:list', (call) => {
    const provider = find(call);
    const allocations: Json = {};
    for (const consumer of call.state.placement.consumers.values()) {
      const resources = consumer.allocations.get(provider.id);
      if (resources === undefined) continue;
      allocations[consumer.id] = {
        resources,
        ...(call.atLeast('1.28') ? { consumer_generation: consumer.generation } : {}),
      };
    }
    return ok({ allocations, resource_provider_generation: provider.generation });
  }),
  'GET resource_providers/{uuid}/traits': rule('resource_providers:traits:list', (call) =>
    ok(traits(find(call))),
  ),
  'PUT resource_providers/{uuid}/traits': rule('resource_providers:traits:update', (call) => {
    const provider = find(call);
    const given = record(call.body);
    generation(provider, given['resource_provider_generation']);
    const unknown = texts(given['traits']).filter((trait) => !call.state.placement.traits.has(trait));
    if (unknown.length > 0) throw badRequest(`No such trait ${unknown.join(', ')}`);
    provider.traits = texts(given['traits']);
    provider.generation += 1;
    return ok(traits(provider));
  }),
  'DELETE resource_providers/{uuid}/traits': rule('resource_providers:traits:delete', (call) => {
    find(call).traits = [];
    return noContent;
  }),
  'GET resource_providers/{uuid}/aggregates': rule('resource_providers:aggregates:list', (call) =>
    ok(aggregates(call, find(call))),
  ),
  'PUT resource_providers/{uuid}/aggregates': rule('resource_providers:aggregates:update', (call) => {
    const provider = find(call);
    if (call.atLeast('1.19')) {
      generation(provider, record(call.body)['resource_provider_generation']);
      provider.aggregates = texts(record(call.body)['aggregates']);
      provider.generation += 1;
    } else provider.aggregates = texts(call.body);
    return ok(aggregates(call, provider));
  }),
  'GET resource_classes': rule('resource_classes:list', (call) =>
    ok({ resource_classes: [...call.state.placement.classes].map((name) => resourceClass(name)) }),
  ),
  'POST resource_classes': rule('resource_classes:create', (call) => {
    const name = text(record(call.body)['name']) ?? '';
    if (call.state.placement.classes.has(name))
      throw conflict(`Conflicting resource class already exists: ${name}`);
    call.state.placement.classes.add(name);
    return created(undefined, { Location: `${call.base}/resource_classes/${name}` });
  }),
  'GET resource_classes/{name}': rule('resource_classes:show', (call) =>
    ok(resourceClass(known(call, 'classes', 'resource class'))),
  ),
  'PUT resource_classes/{name}': rule('resource_classes:update', (call) => {
    const isNew = !call.state.placement.classes.has(call.param('name'));
    call.state.placement.classes.add(call.param('name'));
    return isNew ? { status: 201 } : noContent;
  }),
  'DELETE resource_classes/{name}': rule('resource_classes:delete', (call) => {
    call.state.placement.classes.delete(known(call, 'classes', 'resource class'));
    return noContent;
  }),
  'GET traits': rule('traits:list', (call) => {
    const name = call.query.get('name') ?? '';
    const all = [...call.state.placement.traits];
    if (name.startsWith('startswith:'))
      return ok({ traits: all.filter((trait) => trait.startsWith(name.slice(11))) });
    if (name.startsWith('in:'))
      return ok({ traits: all.filter((trait) => name.slice(3).split(',').includes(trait)) });
    return ok({ traits: all });
  }),
  'GET traits/{name}': rule('traits:show', (call) => {
    known(call, 'traits', 'trait');
    return noContent;
  }),
  'PUT traits/{name}': rule('traits:update', (call) => {
    if (!call.param('name').startsWith('CUSTOM_'))
      throw badRequest(
        `The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix "CUSTOM_".`,
      );
    const isNew = !call.state.placement.traits.has(call.param('name'));
    call.state.placement.traits.add(call.param('name'));
    return isNew ? { status: 201 } : noContent;
  }),
  'DELETE traits/{name}': rule('traits:delete', (call) => {
    call.state.placement.traits.delete(known(call, 'traits', 'trait'));
    return noContent;
  }),
};

function find(call: Call, suffix = ''): Provider {
  const uuid = call.param('uuid');
  const found = call.state.placement.providers.get(uuid);
  if (found !== undefined) return found;
  throw notFound(`No resource provider with uuid ${uuid} found${suffix.replace('%s', uuid)}`);
}

function show(call: Call, provider: Provider): Json {
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

export const hasTraits = (provider: Provider, required: readonly string[]): boolean =>
  required
    .flatMap((traits) => traits.split(','))
    .filter((trait) => trait !== '')
    .every((trait) =>
      trait.startsWith('!') ? !provider.traits.includes(trait.slice(1)) : provider.traits.includes(trait),
    );

/** `VCPU:2,MEMORY_MB:512` */
export function resourcesOf(query: string | null): Resources {
  if (query === null) return {};
  return Object.fromEntries(
    query.split(',').map((part) => {
      const [name, amount] = part.split(':');
      if (name === undefined || amount === undefined || !/^\d+$/.test(amount)) {
        throw badRequest(
          `Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: ${query}.`,
        );
      }
      return [name, Number(amount)];
    }),
  );
}

function generation(provider: Provider, given: unknown): void {
  if (given !== provider.generation) {
    throw new ServiceFault(409, 'resource provider generation conflict', {
      type: 'placement.concurrent_update',
    });
  }
}

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

function unused(call: Call, provider: Provider, name: string): void {
  if (call.state.placement.used(provider.id, name) > 0) {
    throw conflict(
      `Unable to delete inventory: Inventory for '${name}' on resource provider '${provider.id}' in use.`,
      'placement.inventory.inuse',
    );
  }
}

const inventories = (provider: Provider): Json => ({
  resource_provider_generation: provider.generation,
  inventories: provider.inventories,
});
const traits = (provider: Provider): Json => ({
  traits: provider.traits,
  resource_provider_generation: provider.generation,
});
const aggregates = (call: Call, provider: Provider): Json => ({
  aggregates: provider.aggregates,
  ...(call.atLeast('1.19') ? { resource_provider_generation: provider.generation } : {}),
});
const resourceClass = (name: string): Json => ({
  name,
  links: [{ rel: 'self', href: `/placement/resource_classes/${name}` }],
});

function known(call: Call, kind: 'classes' | 'traits', human: string): string {
  const name = call.param('name');
  if (!call.state.placement[kind].has(name)) throw notFound(`No such ${human} ${name}`);
  return name;
}
