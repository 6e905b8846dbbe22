import { blockStorage } from './block-storage/block-storage.ts';
import { compute } from './compute/compute.ts';
import { identity } from './identity/identity.ts';
import { image } from './image/image.ts';
import { instanceHa } from './instance-ha/instance-ha.ts';
import { loadBalancer } from './load-balancer/load-balancer.ts';
import { network } from './network/network.ts';
import type { ServiceSpec } from '../record/operation.ts';
import { objectStore } from './object-store/object-store.ts';
import { placement } from './placement/placement.ts';
import type { Services } from './services.ts';

/**
 * The records of each service, as data. Their types are in `Services`: a program that is compiled against
 * types inferred from the records takes ten times as long to compile.
 */
export type Records = { readonly [S in keyof Services]: ServiceSpec };

/**
 * Every service that has records, by its name on the client. The simulated cloud makes its routes from them. In the published
 * package the records of a service are made when it is first touched (`tsup.config.ts`).
 */
export const records: Records = {
  identity,
  compute,
  network,
  blockStorage,
  image,
  placement,
  instanceHa,
  loadBalancer,
  objectStore,
};
