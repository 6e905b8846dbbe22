import { blockStorage } from './block-storage/block-storage.ts';
import { compute } from './compute/compute.ts';
import { identity } from './identity/identity.ts';
import { image } from './image/image.ts';
import { instanceHa } from './instance-ha/instance-ha.ts';
import { network } from './network/network.ts';
import { placement } from './placement/placement.ts';

/** The records of each service. By reference: written out, their type is longer than the compiler will write. */
export interface Records {
  readonly identity: typeof identity;
  readonly compute: typeof compute;
  readonly network: typeof network;
  readonly blockStorage: typeof blockStorage;
  readonly image: typeof image;
  readonly placement: typeof placement;
  readonly instanceHa: typeof instanceHa;
}

/**
 * Every service that has records, by its name on the client: what the simulated cloud makes its routes of. In the published
 * package the records of a service are made when it is first touched (`tsup.config.ts`).
 */
export const records: Records = { identity, compute, network, blockStorage, image, placement, instanceHa };
