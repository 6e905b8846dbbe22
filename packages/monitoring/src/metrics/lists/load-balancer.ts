import type { Listed } from '@groundcrew/core';
import type { MetricList } from '../metric-list.ts';

/** Many clouds have no Octavia. */
const octavia = { service: 'load-balancer', pageSize: 1000, isOptional: true } as const;

/** Octavia shows a user who may not look at all projects' things those of the own project, without a word about the rest. */
const owned = { ...octavia, withheld: 'own' } as const;

export const loadBalancers: MetricList<Listed<'loadBalancer', 'loadBalancers'>> = {
  ...owned,
  name: 'load balancers',
  what: 'load balancers',
  open: ({ loadBalancer }, options) => loadBalancer.loadBalancers.list({}, options),
};

export const loadBalancerPools: MetricList<Listed<'loadBalancer', 'pools'>> = {
  ...owned,
  name: 'load balancer pools',
  what: 'pools of load balancers',
  open: ({ loadBalancer }, options) => loadBalancer.pools.list({}, options),
};

/** Others than administrators are refused. */
export const amphorae: MetricList<Listed<'loadBalancer', 'amphorae'>> = {
  ...octavia,
  name: 'amphorae',
  what: 'amphorae',
  open: ({ loadBalancer }, options) => loadBalancer.amphorae.list({}, options),
};
