import type { Listed, Services } from '@groundcrew/core';
import type { MetricDetails, MetricList } from '../metric-list.ts';

const service = 'placement';
type Provider = Listed<'placement', 'resourceProviders'>;
type Placement = Services['placement'];

/** All in one answer. */
export const resourceProviders: MetricList<Provider> = {
  name: 'resource providers',
  what: 'resource providers',
  service,
  open: ({ placement }, options) => placement.resourceProviders.list({}, options),
};

/** What a resource provider has, and what of it is allocated. */
interface ProviderResources {
  readonly inventories: Awaited<ReturnType<Placement['inventories']['get']>>['inventories'];
  readonly usages: Awaited<ReturnType<Placement['usages']['ofProvider']>>['usages'];
}

/** Placement has no list of inventories and none of usages: each provider costs a call for either. */
export const providerResources: MetricDetails<Provider, ProviderResources> = {
  name: 'provider resources',
  what: 'inventories and usages',
  service,
  of: resourceProviders,
  callsEach: 2,
  named: ({ name }) => `resource provider ${name}`,
  get: async ({ placement }, { uuid }, options) => {
    const of = { resource_provider_id: uuid };
    const { inventories } = await placement.inventories.get(of, options);
    const { usages } = await placement.usages.ofProvider(of, options);
    return { inventories, usages };
  },
};
