import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';

/** Another Keystone, whose users this one vouches for. */
export const ServiceProvider = answer({
  id: z.string(),
  auth_url: z.string(),
  sp_url: z.string(),
  enabled: z.boolean(),
  description: z.string().nullable().optional(),
  relay_state_prefix: z.string().nullable().optional(),
  links: Links,
});
export type ServiceProvider = OutputAt<typeof ServiceProvider>;

const ById = args({ id: z.string() });

const Editable = {
  enabled: z.boolean().optional(),
  description: z.string().nullable().optional(),
  relay_state_prefix: z.string().nullable().optional(),
};

/** Service providers. The `id` is the administrator's choice. */
export const serviceProviders = resource({
  name: 'serviceProviders',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/service_providers/{id}',
      receive: 'service_provider',
      input: ById,
      output: ServiceProvider,
    }),
    list: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/service_providers',
      receive: 'service_providers',
      page: 'body-links',
      input: args({ id: z.string().optional(), enabled: z.boolean().optional() }),
      output: ServiceProvider,
    }),
    /** Create one. It begins disabled unless said. */
    create: operation({
      verb: 'PUT',
      path: 'OS-FEDERATION/service_providers/{id}',
      send: 'service_provider',
      receive: 'service_provider',
      status: 201,
      input: args({ id: z.string(), auth_url: z.string(), sp_url: z.string(), ...Editable }),
      output: ServiceProvider,
    }),
    update: operation({
      verb: 'PATCH',
      path: 'OS-FEDERATION/service_providers/{id}',
      send: 'service_provider',
      receive: 'service_provider',
      idempotent: true,
      input: args({
        id: z.string(),
        auth_url: z.string().optional(),
        sp_url: z.string().optional(),
        ...Editable,
      }),
      output: ServiceProvider,
    }),
    delete: operation({ verb: 'DELETE', path: 'OS-FEDERATION/service_providers/{id}', input: ById }),
  },
});
