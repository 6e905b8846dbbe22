import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';

/** The URL of a service, for one kind of caller in one region. */
export const Endpoint = answer({
  id: z.string(),
  service_id: z.string(),
  interface: z.string(),
  /** A template: `$(project_id)s` and `%(project_id)s` stand for the project of the token. */
  url: z.string(),
  region_id: z.string().nullable().optional(),
  /** The region under its old name: the same as `region_id`. */
  region: z.string().nullable().optional(),
  /** Upstream's own samples leave it out; Keystone answers it. */
  enabled: z.boolean().optional(),
  name: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  links: Links,
});
export type Endpoint = OutputAt<typeof Endpoint>;

const ById = args({ id: z.string() });
const Interface = z.enum(['public', 'internal', 'admin']);

/** Endpoints of the catalogue. */
export const endpoints = resource({
  name: 'endpoints',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'endpoints/{id}',
      receive: 'endpoint',
      input: ById,
      output: Endpoint,
    }),
    list: operation({
      verb: 'GET',
      path: 'endpoints',
      receive: 'endpoints',
      page: 'body-links',
      input: args({
        service_id: z.string().optional(),
        region_id: z.string().optional(),
        interface: Interface.optional(),
      }),
      output: Endpoint,
    }),
    create: operation({
      verb: 'POST',
      path: 'endpoints',
      send: 'endpoint',
      receive: 'endpoint',
      status: 201,
      input: args({
        service_id: z.string(),
        interface: Interface,
        url: z.string().min(1),
        region_id: z.string().nullable().optional(),
        /** @default true */
        enabled: z.boolean().optional(),
        name: z.string().optional(),
        description: z.string().nullable().optional(),
      }),
      output: Endpoint,
    }),
    /** Change some fields. Clients that hold a token keep the catalogue that came with it. */
    update: operation({
      verb: 'PATCH',
      path: 'endpoints/{id}',
      send: 'endpoint',
      receive: 'endpoint',
      idempotent: true,
      input: args({
        id: z.string(),
        service_id: z.string().optional(),
        interface: Interface.optional(),
        url: z.string().min(1).optional(),
        region_id: z.string().nullable().optional(),
        enabled: z.boolean().optional(),
        name: z.string().optional(),
        description: z.string().nullable().optional(),
      }),
      output: Endpoint,
    }),
    delete: operation({ verb: 'DELETE', path: 'endpoints/{id}', input: ById }),
  },
});
