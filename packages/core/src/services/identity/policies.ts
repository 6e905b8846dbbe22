import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';

/** Text. Upstream's samples have objects too, which Keystone's own schema refuses (`keystone/policy/schema.py`). */
const Blob = z.union([z.string(), z.record(z.string(), z.unknown())]);

/** Rules that Keystone keeps for a service. */
export const Policy = answer({
  id: z.string(),
  /** Media type of the rules. */
  type: z.string(),
  blob: Blob,
  links: Links,
});
export type Policy = OutputAt<typeof Policy>;

const ById = args({ id: z.string() });

/** Policies. Upstream deprecates them: no service enforces what is here, but its own policy files. */
export const policies = resource({
  name: 'policies',
  operations: {
    get: operation({ verb: 'GET', path: 'policies/{id}', receive: 'policy', input: ById, output: Policy }),
    list: operation({
      verb: 'GET',
      path: 'policies',
      receive: 'policies',
      page: 'body-links',
      input: args({ type: z.string().optional() }),
      output: Policy,
    }),
    create: operation({
      verb: 'POST',
      path: 'policies',
      send: 'policy',
      receive: 'policy',
      status: 201,
      input: args({ type: z.string().max(255), blob: Blob }),
      output: Policy,
    }),
    update: operation({
      verb: 'PATCH',
      path: 'policies/{id}',
      send: 'policy',
      receive: 'policy',
      idempotent: true,
      input: args({ id: z.string(), type: z.string().max(255).optional(), blob: Blob.optional() }),
      output: Policy,
    }),
    delete: operation({ verb: 'DELETE', path: 'policies/{id}', input: ById }),
  },
});
