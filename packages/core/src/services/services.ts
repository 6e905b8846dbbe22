import type { blockStorage } from './block-storage/block-storage.ts';
import type { ServiceClient } from '../call/client.ts';
import type { compute } from './compute/compute.ts';
import type { identity } from './identity/identity.ts';
// oxlint-disable-next-line import/no-cycle -- see image/data.ts
import type { ImageData } from './image/data.ts';
import type { image } from './image/image.ts';
import type { instanceHa } from './instance-ha/instance-ha.ts';
import type { loadBalancer } from './load-balancer/load-balancer.ts';
import type { network } from './network/network.ts';
import type { ObjectData } from './object-store/data.ts';
import type { objectStore } from './object-store/object-store.ts';
import type { placement } from './placement/placement.ts';

/**
 * The services that have records, as a client has them. Types are inferred from the records here; the published declaration
 * of this file has the results of that by name (`docs/decisions/0013-declarations.md`).
 */
export interface Services {
  readonly identity: ServiceClient<typeof identity>;
  readonly compute: ServiceClient<typeof compute>;
  readonly network: ServiceClient<typeof network>;
  readonly blockStorage: ServiceClient<typeof blockStorage>;
  /** `data` holds the transfer of images' bytes. */
  readonly image: ServiceClient<typeof image> & { readonly data: ImageData };
  readonly placement: ServiceClient<typeof placement>;
  /** Masakari. */
  readonly instanceHa: ServiceClient<typeof instanceHa>;
  /** Octavia. */
  readonly loadBalancer: ServiceClient<typeof loadBalancer>;
  /** Swift, or Ceph's gateway. `data` holds the transfer of objects' bytes. */
  readonly objectStore: ServiceClient<typeof objectStore> & { readonly data: ObjectData };
}

/** An item of a list that is not pinned to a microversion: `Listed<'network', 'ports'>`. */
export type Listed<S extends keyof Services, R extends keyof Services[S]> = Services[S][R] extends {
  readonly list: (...input: never[]) => AsyncIterable<infer Entity>;
}
  ? Entity
  : never;
