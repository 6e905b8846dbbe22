import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { type Json, number, record, str, text } from '../../wire.ts';
import { providerOf } from './resource-providers.ts';
import { adminRule } from './admin-rule.ts';
import type { Provider, Resources } from './state.ts';

export const allocationRoutes: Routes = {
  'GET allocations/{consumer}': adminRule('allocations:list', (call) => {
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
  'PUT allocations/{consumer}': adminRule('allocations:update', (call) => {
    put(call, call.param('consumer'), record(call.body));
    return noContent;
  }),
  'POST allocations': adminRule('allocations:manage', (call) => {
    for (const [consumer, given] of Object.entries(record(call.body))) put(call, consumer, record(given));
    return noContent;
  }),
  'DELETE allocations/{consumer}': adminRule('allocations:delete', (call) => {
    const consumer = call.state.placement.consumers.get(call.param('consumer'));
    if (consumer === undefined) throw notFound(`No allocations for consumer '${call.param('consumer')}'`);
    call.state.placement.allocate(consumer.id, consumer, {});
    return noContent;
  }),
  'GET resource_providers/{uuid}/allocations': adminRule('resource_providers:allocations:list', (call) => {
    const provider = providerOf(call);
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
  // What it had was given back above, and with that it was forgotten how often it has changed.
  const now = placement.consumers.get(consumer);
  if (before !== undefined && now !== undefined)
    placement.consumers.set(consumer, { ...now, generation: before.generation + 1 });
}

const resourcesIn = (value: unknown): Resources =>
  Object.fromEntries(Object.entries(record(value)).map(([name, amount]) => [name, number(amount) ?? 0]));
