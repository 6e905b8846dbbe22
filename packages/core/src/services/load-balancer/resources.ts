// The resources of the service, by their names on the client: `cloud.loadBalancer.<name>`.
export { amphorae } from './amphorae.ts';
export { listeners } from './listeners.ts';
export { loadBalancers } from './load-balancers.ts';
export { pools } from './pools.ts';
