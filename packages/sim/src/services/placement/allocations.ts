import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { type Json, number, record, str, text } from '../../wire.ts';
import { hasTraits, resourcesOf, rootOf, rule } from './placement.ts';
import { capacity, type Provider, type Resources } from './state.ts';

/** Usages, allocations and candidates. */
export const allocationRoutes: Routes = {
  'GET usages': rule('usages', (call) => {
    const usages: Record<string, number> = {};
    for (const consumer of call.state.placement.consumers.values()) {
      if (consumer.project_id !== call.query.get('project_id')) continue;
      if (call.query.has('user_id') && consumer.user_id !== call.query.get('user_id')) continue;
      for (const resources of consumer.allocations.values()) {
        for (const [name, amount] of Object.entries(resources)) usages[name] = (usages[name] ?? 0) + amount;
      }
    }
    const grouped = Object.keys(usages).length === 0 ? {} : { INSTANCE: { ...usages, consumer_count: 1 } };
    return ok({ usages: call.atLeast('1.38') ? grouped : usages });
  }),
  'GET allocations/{consumer}': rule('allocations:list', (call) => {
    const consumer = call.state.placement.consumers.get(call.param('consumer'));
    if (consumer === undefined) return ok({ allocations: {} });
    const allocations = Object.fromEntries(
      [...consumer.allocations].map(([id, resources]) => [
        id,
        { resources, generation: call.state.placement.providers.get(id)?.generation ?? 0 },
      ]),
    );
    return ok({
      allocations,
      ...(call.atLeast('1.12') ? { project_id: consumer.project_id, user_id: consumer.user_id } : {}),
      ...(call.atLeast('1.28') ? { consumer_generation: consumer.generation } : {}),
      ...(call.atLeast('1.38') ? { consumer_type: consumer.type } : {}),
    });
  }),
  'PUT allocations/{consumer}': rule('allocations:update', (call) => {
    put(call, call.param('consumer'), record(call.body));
    return noContent;
  }),
  'POST allocations': rule('allocations:manage', (call) => {
    for (const [consumer, given] of Object.entries(record(call.body))) put(call, consumer, record(given));
    return noContent;
  }),
  'DELETE allocations/{consumer}': rule('allocations:delete', (call) => {
    const consumer = call.state.placement.consumers.get(call.param('consumer'));
    if (consumer === undefined) throw notFound(`No allocations for consumer '${call.param('consumer')}'`);
    call.state.placement.allocate(consumer.id, consumer, {});
    return noContent;
  }),
  'GET allocation_candidates': rule('allocation_candidates:list', (call) => {
    const resources = resourcesOf(call.query.get('resources'));
    const { placement } = call.state;
    const limit = number(call.query.get('limit')) ?? Number.POSITIVE_INFINITY;
    const fitting = placement.providers
      .filter(
        (provider) =>
          hasTraits(provider, call.query.getAll('required')) && placement.takes(provider, resources),
      )
      .slice(0, limit);
    return ok({
      allocation_requests: fitting.map((provider) => ({
        allocations: { [provider.id]: { resources } },
        ...(call.atLeast('1.34') ? { mappings: { '': [provider.id] } } : {}),
      })),
      provider_summaries: Object.fromEntries(
        fitting.map((provider) => [
          provider.id,
          {
            resources: Object.fromEntries(
              Object.entries(provider.inventories).map(([name, inv]) => [
                name,
                { capacity: capacity(inv), used: placement.used(provider.id, name) },
              ]),
            ),
            ...(call.atLeast('1.17') ? { traits: provider.traits } : {}),
            ...(call.atLeast('1.29')
              ? { parent_provider_uuid: provider.parent, root_provider_uuid: rootOf(call, provider) }
              : {}),
          },
        ]),
      ),
    });
  }),
};

function put(call: Call, consumer: string, given: Json): void {
  const { placement } = call.state;
  const allocations: Record<string, Resources> = {};
  for (const [id, allocation] of Object.entries(record(given['allocations']))) {
    const provider = placement.providers.get(id);
    if (provider === undefined)
      throw badRequest(`Allocation for resource provider '${id}' that does not exist.`);
    allocations[id] = resourcesIn(record(allocation)['resources']);
  }
  const before = placement.consumers.get(consumer);
  if (call.atLeast('1.28') && (before?.generation ?? null) !== (given['consumer_generation'] ?? null)) {
    throw conflict(
      `consumer generation conflict - expected ${before?.generation ?? 'null'} but got ${str(given['consumer_generation'])}`,
      'placement.concurrent_update',
    );
  }
  if (before !== undefined) placement.allocate(consumer, before, {});
  for (const [id, resources] of Object.entries(allocations)) {
    const provider = placement.providers.get(id) as Provider;
    if (placement.fits(provider, resources)) continue;
    if (before !== undefined) placement.allocate(consumer, before, Object.fromEntries(before.allocations));
    const short = Object.keys(resources).find(
      (name) => placement.free(provider, name) < (resources[name] ?? 0),
    );
    throw conflict(
      `Unable to allocate inventory: Unable to create allocation for '${short}' on resource provider '${id}'. The requested amount would exceed the capacity.`,
    );
  }
  const owner = {
    project_id: text(given['project_id']) ?? '',
    user_id: text(given['user_id']) ?? '',
    type: text(given['consumer_type']) ?? 'unknown',
  };
  placement.allocate(consumer, owner, allocations);
}

const resourcesIn = (value: unknown): Resources =>
  Object.fromEntries(Object.entries(record(value)).map(([name, amount]) => [name, number(amount) ?? 0]));
