import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject } from './standard-attributes.ts';

/** A driver, with what it is told. */
export const ServiceProfile = answer({
  id: z.string(),
  description: z.string().nullable().optional(),
  driver: z.string().nullable().optional(),
  /** Metadata for the driver; JSON if the driver expects it. */
  metainfo: z.string().nullable().optional(),
  enabled: z.boolean(),
});
export type ServiceProfile = OutputAt<typeof ServiceProfile>;

const ById = args({ id: z.string() });

/** Service profiles of flavors (extension `flavors`). Administrators only. */
export const serviceProfiles = resource({
  name: 'serviceProfiles',
  operations: {
    /** Show one profile. */
    get: operation({
      verb: 'GET',
      path: 'service_profiles/{id}',
      receive: 'service_profile',
      input: ById,
      output: ServiceProfile,
    }),
    /** Iterate over profiles. */
    list: operation({
      verb: 'GET',
      path: 'service_profiles',
      receive: 'service_profiles',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        description: Text,
        driver: Text,
        enabled: Flag,
        ...Paging,
      }),
      output: ServiceProfile,
    }),
    /** Create a profile. */
    create: operation({
      verb: 'POST',
      path: 'service_profiles',
      send: 'service_profile',
      receive: 'service_profile',
      input: args({
        description: z.string().nullable().optional(),
        /** The driver. At least one of `driver` and `metainfo` is needed. */
        driver: z.string().optional(),
        metainfo: z.string().optional(),
        enabled: Flag,
        ...ForProject,
      }),
      output: ServiceProfile,
      status: 201,
    }),
    /** Change a profile. Neutron answers 409 while a flavor has it. */
    update: operation({
      verb: 'PUT',
      path: 'service_profiles/{id}',
      send: 'service_profile',
      receive: 'service_profile',
      input: args({
        id: z.string(),
        description: z.string().nullable().optional(),
        driver: z.string().optional(),
        metainfo: z.string().optional(),
        enabled: Flag,
      }),
      output: ServiceProfile,
    }),
    /** Delete a profile. Neutron answers 409 while a flavor has it. */
    delete: operation({
      verb: 'DELETE',
      path: 'service_profiles/{id}',
      input: ById,
    }),
  },
});
