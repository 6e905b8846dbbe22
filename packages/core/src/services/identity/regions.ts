import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';

/** A region: what its id says is its name. */
export const Region = answer({
  id: z.string(),
  description: z.string().nullable().optional(),
  parent_region_id: z.string().nullable().optional(),
  links: Links,
});
export type Region = OutputAt<typeof Region>;

const ById = args({ id: z.string() });
const Fields = {
  description: z.string().optional(),
  parent_region_id: z.string().nullable().optional(),
};

/** Regions, which may lie within others. */
export const regions = resource({
  name: 'regions',
  operations: {
    get: operation({ verb: 'GET', path: 'regions/{id}', receive: 'region', input: ById, output: Region }),
    list: operation({
      verb: 'GET',
      path: 'regions',
      receive: 'regions',
      page: 'body-links',
      input: args({ parent_region_id: z.string().optional() }),
      output: Region,
    }),
    /** Create a region. Without an `id` Keystone makes one. */
    create: operation({
      verb: 'POST',
      path: 'regions',
      send: 'region',
      receive: 'region',
      status: 201,
      input: args({ id: z.string().min(1).max(255).optional(), ...Fields }),
      output: Region,
    }),
    /** Change some fields. The id stays. */
    update: operation({
      verb: 'PATCH',
      path: 'regions/{id}',
      send: 'region',
      receive: 'region',
      idempotent: true,
      input: args({ id: z.string(), ...Fields }),
      output: Region,
    }),
    /** Delete a region. 403 while others lie within it, or endpoints are in it. */
    delete: operation({ verb: 'DELETE', path: 'regions/{id}', input: ById }),
  },
});
