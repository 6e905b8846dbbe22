import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';

/** One request that application credentials of a user may be confined to. */
export const AccessRule = answer({
  id: z.string(),
  service: z.string(),
  path: z.string(),
  method: z.string(),
  links: Links,
});
export type AccessRule = OutputAt<typeof AccessRule>;

const ById = args({ user_id: z.string(), id: z.string() });

/** Access rules of a user. They come with an application credential, and stay when it goes. */
export const accessRules = resource({
  name: 'accessRules',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'users/{user_id}/access_rules/{id}',
      receive: 'access_rule',
      input: ById,
      output: AccessRule,
    }),
    list: operation({
      verb: 'GET',
      path: 'users/{user_id}/access_rules',
      receive: 'access_rules',
      page: 'body-links',
      input: args({
        user_id: z.string(),
        service: z.string().optional(),
        path: z.string().optional(),
        method: z.string().optional(),
      }),
      output: AccessRule,
    }),
    /** Delete one. 403 while an application credential has it. */
    delete: operation({ verb: 'DELETE', path: 'users/{user_id}/access_rules/{id}', input: ById }),
  },
});
