import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, type OutputAt } from '../shape.ts';
import { Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { Owner } from './standard-attributes.ts';

/** A subnet of which floating IPs are taken. */
export const FloatingIpPool = answer({
  subnet_id: z.string(),
  subnet_name: z.string(),
  network_id: z.string(),
  cidr: z.string(),
  ...Owner,
});
export type FloatingIpPool = OutputAt<typeof FloatingIpPool>;

/** Subnets of which floating IPs are taken (extension `floatingip-pools`). */
export const floatingIpPools = resource({
  name: 'floatingIpPools',
  operations: {
    /** Iterate over the pools that the project may use. */
    list: operation({
      verb: 'GET',
      path: 'floatingip-pools',
      receive: 'floatingip_pools',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ subnet_id: Text, network_id: Text, cidr: Text, ...Paging }),
      output: FloatingIpPool,
    }),
  },
});
