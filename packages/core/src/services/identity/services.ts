import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';

/** A service in the catalogue. */
export const Service = answer({
  id: z.string(),
  type: z.string(),
  /** A service can be registered without one. */
  name: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  /** Upstream's own samples leave it out; Keystone answers it. */
  enabled: z.boolean().optional(),
  links: Links,
});
export type Service = OutputAt<typeof Service>;

const ById = args({ id: z.string() });

/** Services of the catalogue. */
export const services = resource({
  name: 'services',
  findBy: 'name',
  operations: {
    get: operation({ verb: 'GET', path: 'services/{id}', receive: 'service', input: ById, output: Service }),
    list: operation({
      verb: 'GET',
      path: 'services',
      receive: 'services',
      page: 'body-links',
      input: args({
        name: z.string().optional(),
        /** Exactly as registered: aliases are not looked up. */
        type: z.string().optional(),
      }),
      output: Service,
    }),
    /** Register a service. Keystone takes two of one type. */
    create: operation({
      verb: 'POST',
      path: 'services',
      send: 'service',
      receive: 'service',
      status: 201,
      input: args({
        type: z.string().min(1).max(255),
        name: z.string().max(255).optional(),
        description: z.string().optional(),
        /** @default true */
        enabled: z.boolean().optional(),
      }),
      output: Service,
    }),
    /** Change some fields. A disabled service and its endpoints are not in the catalogue of new tokens. */
    update: operation({
      verb: 'PATCH',
      path: 'services/{id}',
      send: 'service',
      receive: 'service',
      idempotent: true,
      input: args({
        id: z.string(),
        type: z.string().min(1).max(255).optional(),
        name: z.string().max(255).optional(),
        description: z.string().optional(),
        enabled: z.boolean().optional(),
      }),
      output: Service,
    }),
    /** Delete a service with its endpoints. */
    delete: operation({ verb: 'DELETE', path: 'services/{id}', input: ById }),
  },
});
