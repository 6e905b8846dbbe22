import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { CustomName } from './amounts.ts';

const ById = args({ id: z.string() });

/** Traits: what a provider can be, or not. The `id` is the name; those of OpenStack itself are always there. */
export const traits = resource({
  name: 'traits',
  operations: {
    /** Iterate over the names of traits. */
    list: operation({
      verb: 'GET',
      path: 'traits',
      receive: 'traits',
      page: 'none',
      since: '1.6',
      input: args({
        /** `startswith:CUSTOM_` or `in:A,B`. */
        name: z.string().optional(),
        /** Whether any provider has it. */
        associated: z.boolean().optional(),
      }),
      output: z.string(),
    }),
    /** Ask whether there is such a trait, 404 if not: see `isNotFound`. */
    check: operation({ verb: 'GET', path: 'traits/{id}', since: '1.6', status: 204, input: ById }),
    /** Create one of the cloud's own. If it is there already, it stays. */
    create: operation({
      verb: 'PUT',
      path: 'traits/{id}',
      since: '1.6',
      status: 201,
      input: args({ id: CustomName }),
    }),
    /** Delete one of the cloud's own. 409 while a provider has it. */
    delete: operation({ verb: 'DELETE', path: 'traits/{id}', since: '1.6', input: ById }),
  },
});
