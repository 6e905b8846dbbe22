import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from './link.ts';
import { AnsweredSecret, GivenSecret } from '../../record/secret-fields.ts';
import { tolerant } from '../../record/tolerant.ts';

/** One request that an application credential may make. */
const AccessRuleOfCredential = tolerant({
  id: z.string(),
  service: z.string(),
  path: z.string(),
  method: z.string(),
});

const Fields = {
  id: z.string(),
  name: z.string(),
  description: z.string().nullable().optional(),
  /** In later releases it is left out of the answer. */
  user_id: z.string().optional(),
  project_id: z.string(),
  /** Null if it does not expire. */
  expires_at: Timestamp.nullable().optional(),
  /** Whether it may make application credentials and trusts. Null, where nobody said, is `false`. */
  unrestricted: z.boolean().nullable().optional(),
  roles: z.array(tolerant({ id: z.string(), name: z.string().optional() })).optional(),
  access_rules: z.array(AccessRuleOfCredential).optional(),
  links: Links,
};

/** A login for a program, with roles of its user in one project. It ends with the user, and with the last of its roles. */
export const ApplicationCredential = answer(Fields);
export type ApplicationCredential = OutputAt<typeof ApplicationCredential>;

const NewApplicationCredential = answer({
  ...Fields,
  /** Answered this once: Keystone keeps a hash. `connect()` takes it as it is. */
  secret: AnsweredSecret,
});

const ById = args({ user_id: z.string(), id: z.string() });

/** A role by its id, or by its name. */
const GivenRole = z.union([z.strictObject({ id: z.string() }), z.strictObject({ name: z.string() })]);

const GivenAccessRule = z.union([
  /** A rule that the user has already. */
  z.strictObject({ id: z.string() }),
  z.strictObject({
    /** The type of the service, as in the catalogue: `compute`. */
    service: z.string(),
    /** `/v2.1/servers`; `*` is any segment, `**` any number of them, `{name}` one segment. */
    path: z.string().startsWith('/').max(225),
    method: z.enum(['POST', 'GET', 'HEAD', 'PATCH', 'PUT', 'DELETE']),
  }),
]);

/** Application credentials of a user. They cannot be changed: make a new one, then delete the old one. */
export const applicationCredentials = resource({
  name: 'applicationCredentials',
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'users/{user_id}/application_credentials/{id}',
      receive: 'application_credential',
      input: ById,
      output: ApplicationCredential,
    }),
    list: operation({
      verb: 'GET',
      path: 'users/{user_id}/application_credentials',
      receive: 'application_credentials',
      page: 'body-links',
      input: args({ user_id: z.string(), name: z.string().optional() }),
      output: ApplicationCredential,
    }),
    /**
     * Make one, of one's own user, for the project of the token. 403 with a token that is itself of an application
     * credential, unless that is `unrestricted`. 409 if the user has one of that name.
     *
     * @example
     * const made = await cloud.identity.applicationCredentials.create({ user_id, name: 'backup' });
     * connect({ auth: { auth_url, application_credential_id: made.id, application_credential_secret: made.secret } });
     */
    create: operation({
      verb: 'POST',
      path: 'users/{user_id}/application_credentials',
      send: 'application_credential',
      receive: 'application_credential',
      status: 201,
      input: args({
        user_id: z.string(),
        name: z.string().min(1).max(255),
        description: z.string().nullable().optional(),
        /** Left out, Keystone makes one. */
        secret: GivenSecret.nullable().optional(),
        /** Without a zone it means UTC. */
        expires_at: z.string().nullable().optional(),
        /** The roles. @default those of the token */
        roles: z.array(GivenRole).optional(),
        /** @default false */
        unrestricted: z.boolean().optional(),
        /** Left out, it may request anything that its roles allow. */
        access_rules: z.array(GivenAccessRule).optional(),
      }),
      output: NewApplicationCredential,
    }),
    /** Delete one. Its tokens end at once. */
    delete: operation({
      verb: 'DELETE',
      path: 'users/{user_id}/application_credentials/{id}',
      input: ById,
    }),
  },
});
