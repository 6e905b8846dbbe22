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

const ofProviders = {
  service,
  of: resourceProviders,
  named: ({ name }: Provider) => `resource provider ${name}`,
} as const;

// Placement has no list of inventories and none of usages: each provider costs a call for either.
export const inventories: MetricDetails<Provider, Awaited<ReturnType<Placement['inventories']['get']>>> = {
  ...ofProviders,
  name: 'inventories',
  what: 'inventories',
  get: ({ placement }, { uuid }, options) =>
    placement.inventories.get({ resource_provider_id: uuid }, options),
};

export const providerUsages: MetricDetails<
  Provider,
  Awaited<ReturnType<Placement['usages']['ofProvider']>>
> = {
  ...ofProviders,
  name: 'provider usages',
  what: 'usages',
  get: ({ placement }, { uuid }, options) =>
    placement.usages.ofProvider({ resource_provider_id: uuid }, options),
};
