import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Group } from './group.ts';
import { NameFilters, Paging, Sorting } from './paging.ts';
import { Project } from './projects.ts';
import { GivenSecret } from '../../record/secret-fields.ts';
import { GivenFederated, GivenUserOptions, User } from './user.ts';

const ById = args({ id: z.string() });

const Editable = {
  /** Without one the user cannot log in by password. */
  password: GivenSecret.nullable().optional(),
  enabled: z.boolean().optional(),
  default_project_id: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  options: GivenUserOptions,
  federated: GivenFederated,
};

/**
 * Users. Keystone would keep any further attribute that it is given; these take only known ones, so that a typing
 * error is an error.
 */
export const users = resource({
  name: 'users',
  findBy: 'name',
  operations: {
    /** Show one user. Everybody may see himself. */
    get: operation({ verb: 'GET', path: 'users/{id}', receive: 'user', input: ById, output: User }),
    /** Iterate over users. Those of a directory (LDAP) are listed only with `domain_id`. */
    list: operation({
      verb: 'GET',
      path: 'users',
      receive: 'users',
      page: 'body-links',
      input: args({
        ...NameFilters,
        domain_id: z.string().optional(),
        enabled: z.boolean().optional(),
        /** An operator (`lt`, `lte`, `gt`, `gte`, `eq`, `neq`), a colon, a moment: `lt:2026-01-01T00:00:00Z`. */
        password_expires_at: z.string().optional(),
        idp_id: z.string().optional(),
        protocol_id: z.string().optional(),
        unique_id: z.string().optional(),
        ...Paging,
        ...Sorting,
      }),
      output: User,
    }),
    /** Create a user: in the caller's domain, unless another is given. 409 if its domain has one of that name. */
    create: operation({
      verb: 'POST',
      path: 'users',
      send: 'user',
      receive: 'user',
      status: 201,
      input: args({
        name: z.string().min(1).max(255),
        domain_id: z.string().optional(),
        ...Editable,
      }),
      output: User,
    }),
    /**
     * Change some fields. A new password, or disabling, revokes the user's tokens.
     *
     * It is not repeated on its own: a password that was just set may be refused as one used before.
     */
    update: operation({
      verb: 'PATCH',
      path: 'users/{id}',
      send: 'user',
      receive: 'user',
      input: args({ id: z.string(), name: z.string().min(1).max(255).optional(), ...Editable }),
      output: User,
    }),
    /** Delete a user, with application credentials, trusts and roles. */
    delete: operation({ verb: 'DELETE', path: 'users/{id}', input: ById }),
    /**
     * Set one's own password. It needs the old one, and no token. 409 if Keystone's rules are against it.
     *
     * It revokes the user's tokens up to the second in which it happens: one requested by the new password within
     * that same second is a 401 when it is used.
     */
    changePassword: operation({
      verb: 'POST',
      path: 'users/{id}/password',
      send: 'user',
      status: 204,
      input: args({ id: z.string(), original_password: GivenSecret, password: GivenSecret }),
    }),
    /** Iterate over the projects in which a user has a role, of itself or by a group. */
    projects: operation({
      verb: 'GET',
      path: 'users/{id}/projects',
      receive: 'projects',
      page: 'body-links',
      input: args({
        id: z.string(),
        ...NameFilters,
        domain_id: z.string().optional(),
        enabled: z.boolean().optional(),
      }),
      output: Project,
    }),
    /** Iterate over the groups that a user is in. */
    groups: operation({
      verb: 'GET',
      path: 'users/{id}/groups',
      receive: 'groups',
      page: 'body-links',
      input: args({ id: z.string(), ...NameFilters }),
      output: Group,
    }),
  },
});
