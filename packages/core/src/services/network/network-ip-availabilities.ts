import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { Owner } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** Neutron counts in whole numbers that may exceed 2^53 in IPv6: what JSON.parse makes of those is rounded. */
const Addresses = z.number();

/** The number of addresses that a network has and uses. */
export const NetworkIpAvailability = answer({
  network_id: z.string(),
  network_name: z.string(),
  ...Owner,
  /** In the allocation pools of its subnets. */
  total_ips: Addresses,
  used_ips: Addresses,
  subnet_ip_availability: z.array(
    tolerant({
      subnet_id: z.string(),
      subnet_name: z.string().nullable(),
      cidr: z.string(),
      ip_version: z.number(),
      total_ips: Addresses,
      used_ips: Addresses,
    }),
  ),
});
export type NetworkIpAvailability = OutputAt<typeof NetworkIpAvailability>;

/** Addresses of networks (extension `network-ip-availability`). Administrators only. */
export const networkIpAvailabilities = resource({
  name: 'networkIpAvailabilities',
  operations: {
    /** Show that of one network: its `id` is the network's. */
    get: operation({
      verb: 'GET',
      path: 'network-ip-availabilities/{id}',
      receive: 'network_ip_availability',
      input: args({ id: z.string() }),
      output: NetworkIpAvailability,
    }),
    /** Iterate over those of all networks, in one answer: Neutron counts them all at each call. */
    list: operation({
      verb: 'GET',
      path: 'network-ip-availabilities',
      receive: 'network_ip_availabilities',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ network_id: Text, network_name: Text, project_id: Text, ip_version: Count, ...Paging }),
      output: NetworkIpAvailability,
    }),
  },
});
