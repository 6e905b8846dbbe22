import type { SimulatedService } from '../service.ts';
import { blockStorage } from './block-storage/service.ts';
import { compute } from './compute/service.ts';
import { identity } from './identity/service.ts';
import { image } from './image/service.ts';
import { instanceHa } from './instance-ha/service.ts';
import { network } from './network/service.ts';
import { placement } from './placement/service.ts';

/** The seven services. */
export const services: readonly SimulatedService[] = [
  identity,
  compute,
  network,
  blockStorage,
  image,
  placement,
  instanceHa,
];
