import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { AnsweredSecret, GivenSecret } from '../../record/secret-fields.ts';

/** A secret that Keystone keeps for a user, encrypted. */
export const Credential = answer({
  id: z.string(),
  /** `ec2`, `totp`, `cert`, or the user's own. */
  type: z.string(),
  user_id: z.string(),
  project_id: z.string().nullable().optional(),
  /** The secret: of `ec2` JSON with `access` and `secret`, of `totp` the key. */
  blob: AnsweredSecret,
  links: Links,
});
export type Credential = OutputAt<typeof Credential>;

const ById = args({ id: z.string() });

/** Credentials: keys of the EC2 and S3 interfaces, seeds of one-time passwords. */
export const credentials = resource({
  name: 'credentials',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'credentials/{id}',
      receive: 'credential',
      input: ById,
      output: Credential,
    }),
    /** Iterate over one's own; administrators over all. */
    list: operation({
      verb: 'GET',
      path: 'credentials',
      receive: 'credentials',
      page: 'body-links',
      input: args({ user_id: z.string().optional(), type: z.string().optional() }),
      output: Credential,
    }),
    /** Keep one. One of `ec2` needs a project, and gets an id made of its `access`. */
    create: operation({
      verb: 'POST',
      path: 'credentials',
      send: 'credential',
      receive: 'credential',
      status: 201,
      input: args({
        user_id: z.string(),
        type: z.string().min(1).max(255),
        blob: GivenSecret,
        project_id: z.string().nullable().optional(),
      }),
      output: Credential,
    }),
    update: operation({
      verb: 'PATCH',
      path: 'credentials/{id}',
      send: 'credential',
      receive: 'credential',
      idempotent: true,
      input: args({
        id: z.string(),
        type: z.string().min(1).max(255).optional(),
        blob: GivenSecret.optional(),
        project_id: z.string().nullable().optional(),
        user_id: z.string().optional(),
      }),
      output: Credential,
    }),
    delete: operation({ verb: 'DELETE', path: 'credentials/{id}', input: ById }),
  },
});
