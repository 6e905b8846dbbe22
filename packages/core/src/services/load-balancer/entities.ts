// What the service answers: schema and type under one name, for whoever passes it on, stores it or checks a copy of it.
export { Amphora } from './amphorae.ts';
export { Listener } from './listeners.ts';
export { LoadBalancer } from './load-balancers.ts';
export { Pool } from './pools.ts';
