import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { tolerant } from '../../record/tolerant.ts';

const Fields = {
  id: z.string(),
  service_id: z.string(),
  region_id: z.string().nullable().optional(),
  resource_name: z.string(),
  /** -1 is without limit. */
  default_limit: z.number(),
  description: z.string().nullable().optional(),
  links: Links,
};

/** A limit of a service's resource, for projects that have none of their own. */
export const RegisteredLimit = answer(Fields);
export type RegisteredLimit = OutputAt<typeof RegisteredLimit>;

const ById = args({ id: z.string() });
const Described = z.string().nullable().optional();

/** Defaults of unified limits. Services enforce them if they were told to (`oslo.limit`). */
export const registeredLimits = resource({
  name: 'registeredLimits',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'registered_limits/{id}',
      receive: 'registered_limit',
      input: ById,
      output: RegisteredLimit,
    }),
    list: operation({
      verb: 'GET',
      path: 'registered_limits',
      receive: 'registered_limits',
      page: 'body-links',
      input: args({
        service_id: z.string().optional(),
        region_id: z.string().optional(),
        resource_name: z.string().optional(),
      }),
      output: RegisteredLimit,
    }),
    /** Register several, all or none. 409 if one of them is there. */
    create: operation({
      verb: 'POST',
      path: 'registered_limits',
      receive: 'registered_limits',
      status: 201,
      input: args({
        registered_limits: z
          .array(
            z.strictObject({
              service_id: z.string(),
              resource_name: z.string().min(1).max(255),
              default_limit: z.number().int().min(-1),
              region_id: z.string().nullable().optional(),
              description: Described,
            }),
          )
          .min(1),
      }),
      output: z.array(tolerant(Fields)),
    }),
    /** Change some fields. 403, but for the description and default, while limits rest on it. */
    update: operation({
      verb: 'PATCH',
      path: 'registered_limits/{id}',
      send: 'registered_limit',
      receive: 'registered_limit',
      idempotent: true,
      input: args({
        id: z.string(),
        service_id: z.string().optional(),
        region_id: z.string().nullable().optional(),
        resource_name: z.string().min(1).max(255).optional(),
        default_limit: z.number().int().min(-1).optional(),
        description: Described,
      }),
      output: RegisteredLimit,
    }),
    /** Delete one. 403 while limits rest on it. */
    delete: operation({ verb: 'DELETE', path: 'registered_limits/{id}', input: ById }),
  },
});
