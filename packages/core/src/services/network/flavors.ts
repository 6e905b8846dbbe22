import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A kind of service that projects may choose. */
export const NetworkFlavor = answer({
  id: z.string(),
  name: z.string(),
  /** `L3_ROUTER_NAT`, `VPN`, … */
  service_type: z.string(),
  enabled: z.boolean(),
  /** Ids. */
  service_profiles: z.array(z.string()),
  description: z.string().nullable().optional(),
});
export type NetworkFlavor = OutputAt<typeof NetworkFlavor>;

const ById = args({ id: z.string() });

/** Flavors of network services (extension `flavors`). */
export const flavors = resource({
  name: 'flavors',
  findBy: 'name',
  operations: {
    /** Show one flavor. */
    get: operation({
      verb: 'GET',
      path: 'flavors/{id}',
      receive: 'flavor',
      input: ById,
      output: NetworkFlavor,
    }),
    /** Iterate over flavors. */
    list: operation({
      verb: 'GET',
      path: 'flavors',
      receive: 'flavors',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        name: Text,
        service_type: Text,
        enabled: Flag,
        description: Text,
        ...Paging,
      }),
      output: NetworkFlavor,
    }),
    /** Create a flavor. Administrators only. */
    create: operation({
      verb: 'POST',
      path: 'flavors',
      send: 'flavor',
      receive: 'flavor',
      input: args({
        name: z.string().optional(),
        service_type: z.string(),
        enabled: Flag,
        description: z.string().nullable().optional(),
        service_profiles: z.array(z.string()).optional(),
        ...ForProject,
      }),
      output: NetworkFlavor,
      status: 201,
    }),
    /** Change a flavor. Administrators only. */
    update: operation({
      verb: 'PUT',
      path: 'flavors/{id}',
      send: 'flavor',
      receive: 'flavor',
      input: args({
        id: z.string(),
        name: z.string().optional(),
        enabled: Flag,
        description: z.string().nullable().optional(),
        service_profiles: z.array(z.string()).optional(),
      }),
      output: NetworkFlavor,
    }),
    /** Delete a flavor. Administrators only. */
    delete: operation({
      verb: 'DELETE',
      path: 'flavors/{id}',
      input: ById,
    }),
    /** Give a flavor a service profile. Administrators only. */
    addServiceProfile: operation({
      verb: 'POST',
      path: 'flavors/{flavor_id}/service_profiles',
      send: 'service_profile',
      receive: 'service_profile',
      input: args({ flavor_id: z.string(), id: z.string() }),
      output: tolerant({ id: z.string() }),
      status: 201,
    }),
    /** Take a service profile, whose `id` it is, from a flavor. Administrators only. */
    removeServiceProfile: operation({
      verb: 'DELETE',
      path: 'flavors/{flavor_id}/service_profiles/{id}',
      input: args({ flavor_id: z.string(), id: z.string() }),
    }),
  },
});
