import type { SimulatedService } from '../service.ts';
import { blockStorage } from './block-storage/service.ts';
import { compute } from './compute/service.ts';
import { identity } from './identity/service.ts';
import { image } from './image/service.ts';
import { instanceHa } from './instance-ha/service.ts';
import { loadBalancer } from './load-balancer/service.ts';
import { network } from './network/service.ts';
import { objectStore } from './object-store/service.ts';
import { placement } from './placement/service.ts';

/** Every service; load balancing and objects are in the catalogue of a cloud that was made with them. */
export const services: readonly SimulatedService[] = [
  identity,
  compute,
  network,
  blockStorage,
  image,
  placement,
  instanceHa,
  loadBalancer,
  objectStore,
];
