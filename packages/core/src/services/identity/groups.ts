import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Group } from './group.ts';
import { NameFilters, Paging, Sorting } from './paging.ts';
import { User } from './user.ts';

const ById = args({ id: z.string() });
const Member = args({ id: z.string(), user_id: z.string() });

/** Groups and their members. */
export const groups = resource({
  name: 'groups',
  findBy: 'name',
  operations: {
    get: operation({ verb: 'GET', path: 'groups/{id}', receive: 'group', input: ById, output: Group }),
    /** Iterate over groups. Those of a directory (LDAP) are listed only with `domain_id`. */
    list: operation({
      verb: 'GET',
      path: 'groups',
      receive: 'groups',
      page: 'body-links',
      input: args({ ...NameFilters, domain_id: z.string().optional(), ...Paging, ...Sorting }),
      output: Group,
    }),
    /** Create a group: in the caller's domain, unless another is given. 409 if its domain has one of that name. */
    create: operation({
      verb: 'POST',
      path: 'groups',
      send: 'group',
      receive: 'group',
      status: 201,
      input: args({
        name: z.string().min(1).max(64),
        domain_id: z.string().optional(),
        description: z.string().nullable().optional(),
      }),
      output: Group,
    }),
    update: operation({
      verb: 'PATCH',
      path: 'groups/{id}',
      send: 'group',
      receive: 'group',
      idempotent: true,
      input: args({
        id: z.string(),
        name: z.string().min(1).max(64).optional(),
        description: z.string().nullable().optional(),
      }),
      output: Group,
    }),
    /** Delete a group. Its members lose the roles that they have by it. */
    delete: operation({ verb: 'DELETE', path: 'groups/{id}', input: ById }),
    /** Iterate over its members. */
    users: operation({
      verb: 'GET',
      path: 'groups/{id}/users',
      receive: 'users',
      page: 'body-links',
      input: args({
        id: z.string(),
        ...NameFilters,
        domain_id: z.string().optional(),
        enabled: z.boolean().optional(),
        password_expires_at: z.string().optional(),
      }),
      output: User,
    }),
    /** Ask whether a user is a member. 404 if not: see `isNotFound`. */
    checkUser: operation({ verb: 'HEAD', path: 'groups/{id}/users/{user_id}', status: 204, input: Member }),
    /** Make a user a member. Doing it again is no error. */
    addUser: operation({ verb: 'PUT', path: 'groups/{id}/users/{user_id}', status: 204, input: Member }),
    /** Take a user out. It revokes the user's tokens. */
    removeUser: operation({ verb: 'DELETE', path: 'groups/{id}/users/{user_id}', input: Member }),
  },
});
