import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { providerOf } from './resource-providers.ts';
import { adminRule } from './admin-rule.ts';

export const usageRoutes: Routes = {
  'GET usages': adminRule('usages', (call) => {
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
  'GET resource_providers/{uuid}/usages': adminRule('resource_providers:usages', (call) => {
    const provider = providerOf(call, ': No resource provider with uuid %s found');
    return ok({
      resource_provider_generation: provider.generation,
      usages: call.state.placement.usages(provider),
    });
  }),
};
