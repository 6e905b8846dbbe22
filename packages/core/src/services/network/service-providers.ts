import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';

/** A driver of a service. */
export const ServiceProvider = answer({
  name: z.string(),
  /** `L3_ROUTER_NAT`, `VPN`, … */
  service_type: z.string(),
  /** The one that is used unless another is asked for. */
  default: z.boolean(),
});
export type ServiceProvider = OutputAt<typeof ServiceProvider>;

/** Drivers of network services. */
export const serviceProviders = resource({
  name: 'serviceProviders',
  operations: {
    /** Iterate over providers, in one answer. */
    list: operation({
      verb: 'GET',
      path: 'service-providers',
      receive: 'service_providers',
      page: 'none',
      input: args({ name: Text, service_type: Text }),
      output: ServiceProvider,
    }),
  },
});
