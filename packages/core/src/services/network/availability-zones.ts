import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { known } from '../../record/tolerant.ts';

/** An availability zone for networks or for routers. */
export const NetworkAvailabilityZone = answer({
  name: z.string(),
  /** `network`: it has DHCP agents; `router`: it has L3 agents. */
  resource: known(['network', 'router']),
  /** `available`; `unavailable`, if none of its agents takes anything new. */
  state: known(['available', 'unavailable']),
});
export type NetworkAvailabilityZone = OutputAt<typeof NetworkAvailabilityZone>;

/** Availability zones, as agents tell theirs. */
export const availabilityZones = resource({
  name: 'availabilityZones',
  operations: {
    /** Iterate over availability zones; one that is for both is listed twice. */
    list: operation({
      verb: 'GET',
      path: 'availability_zones',
      receive: 'availability_zones',
      page: 'none',
      input: args({ name: Text, resource: Text, state: Text }),
      output: NetworkAvailabilityZone,
    }),
  },
});
