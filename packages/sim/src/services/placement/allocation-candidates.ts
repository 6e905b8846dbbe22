import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { ServiceFault } from '../../fault.ts';
import { number } from '../../wire.ts';
import { hasTraits } from './required-traits.ts';
import { rootOf } from './resource-providers.ts';
import { resourcesOf } from './resources-query.ts';
import { adminRule } from './admin-rule.ts';
import { capacity, type Provider } from './state.ts';

export const allocationCandidateRoutes: Routes = {
  'GET allocation_candidates': adminRule('allocation_candidates:list', (call) => {
    refuseGroups(call);
    const resources = resourcesOf(call.query.get('resources'));
    const { placement } = call.state;
    const limit = number(call.query.get('limit')) ?? Number.POSITIVE_INFINITY;
    const fitting = placement.providers
      .filter(
        (provider) =>
          hasTraits(provider, call.query.getAll('required')) &&
          hasTraits(rootProviderOf(call, provider), call.query.getAll('root_required')) &&
          placement.hasRoomFor(provider, resources),
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

const rootProviderOf = (call: Call, provider: Provider): Provider =>
  call.state.placement.providers.get(rootOf(call, provider) ?? '') ?? provider;

/** What this does not know it does not answer as if it had not been asked: the answer would be wider than the real one's. */
function refuseGroups(call: Call): void {
  const strange = [...call.query.keys()].find(
    (name) => !['resources', 'required', 'root_required', 'limit'].includes(name),
  );
  if (strange !== undefined)
    throw new ServiceFault(501, `The simulated cloud knows no ${strange} of allocation candidates.`);
}
