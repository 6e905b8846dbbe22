import { blockStorage } from './block-storage/block-storage.ts';
import { compute } from './compute/compute.ts';
import { identity } from './identity/identity.ts';
import { image } from './image/image.ts';
import { network } from './network/network.ts';
import { placement } from './placement/placement.ts';

/** Every service that has records, by its name on the client: what the simulated cloud makes its routes of. */
export const records = { identity, compute, network, blockStorage, image, placement } as const;
