import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { tolerant } from '../../record/tolerant.ts';

const Fields = {
  id: z.string(),
  service_id: z.string(),
  region_id: z.string().nullable().optional(),
  /** One of `project_id` and `domain_id`. */
  project_id: z.string().nullable().optional(),
  domain_id: z.string().nullable().optional(),
  resource_name: z.string(),
  /** -1 is without limit. */
  resource_limit: z.number(),
  description: z.string().nullable().optional(),
  links: Links,
};

/** A limit that a project or domain has of its own. */
export const Limit = answer(Fields);
export type Limit = OutputAt<typeof Limit>;

/** The model by which limits of projects and of those below them are enforced. */
export const LimitModel = answer({
  /** `flat` or `strict_two_level`. */
  name: z.string(),
  description: z.string().optional(),
});
export type LimitModel = OutputAt<typeof LimitModel>;

const ById = args({ id: z.string() });

/** Unified limits of projects and domains, instead of the registered defaults. */
export const limits = resource({
  name: 'limits',
  operations: {
    get: operation({ verb: 'GET', path: 'limits/{id}', receive: 'limit', input: ById, output: Limit }),
    /** Iterate over the limits of the token's project or domain; administrators of the system over all. */
    list: operation({
      verb: 'GET',
      path: 'limits',
      receive: 'limits',
      page: 'body-links',
      input: args({
        service_id: z.string().optional(),
        region_id: z.string().optional(),
        resource_name: z.string().optional(),
        project_id: z.string().optional(),
        domain_id: z.string().optional(),
      }),
      output: Limit,
    }),
    /** Set several, all or none. Each needs its registered limit; 409 if one of them is there. */
    create: operation({
      verb: 'POST',
      path: 'limits',
      receive: 'limits',
      status: 201,
      input: args({
        limits: z
          .array(
            z.strictObject({
              service_id: z.string(),
              resource_name: z.string().min(1).max(255),
              resource_limit: z.number().int().min(-1),
              /** One of `project_id` and `domain_id`. */
              project_id: z.string().optional(),
              domain_id: z.string().optional(),
              region_id: z.string().nullable().optional(),
              description: z.string().nullable().optional(),
            }),
          )
          .min(1),
      }),
      output: z.array(tolerant(Fields)),
    }),
    update: operation({
      verb: 'PATCH',
      path: 'limits/{id}',
      send: 'limit',
      receive: 'limit',
      idempotent: true,
      input: args({
        id: z.string(),
        resource_limit: z.number().int().min(-1).optional(),
        description: z.string().nullable().optional(),
      }),
      output: Limit,
    }),
    /** Go back to the registered default. */
    delete: operation({ verb: 'DELETE', path: 'limits/{id}', input: ById }),
    /** Show the model by which limits are enforced on this cloud. */
    model: operation({
      verb: 'GET',
      path: 'limits/model',
      receive: 'model',
      input: args({}),
      output: LimitModel,
    }),
  },
});
