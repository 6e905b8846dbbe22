import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
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
    /**
     * Iterate over the pools that the project may use. Not in pages: their links need an `id`, and Neutron answers
     * 500.
     */
    list: operation({
      verb: 'GET',
      path: 'floatingip-pools',
      receive: 'floatingip_pools',
      page: 'none',
      input: args({ subnet_id: Text, network_id: Text, cidr: Text }),
      output: FloatingIpPool,
    }),
  },
});
