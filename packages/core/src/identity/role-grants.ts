import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { args } from '../shape.ts';
import { Role } from './roles.ts';

/** Roles of users in projects. */
export const projectUserRoles = resource({
  name: 'projectUserRoles',
  operations: {
    /** Iterate over the roles that a user has in a project of itself: neither by groups nor inherited. */
    list: operation({
      verb: 'GET',
      path: 'projects/{project_id}/users/{user_id}/roles',
      receive: 'roles',
      page: 'body-links',
      input: args({ project_id: z.string(), user_id: z.string() }),
      output: Role,
    }),
    /** Ask whether a user has a role. If not, it is a `NotFoundError`. */
    check: operation({
      verb: 'HEAD',
      path: 'projects/{project_id}/users/{user_id}/roles/{role_id}',
      status: 204,
      input: args({ project_id: z.string(), user_id: z.string(), role_id: z.string() }),
    }),
    /** Give a role. Giving it again is no error. */
    assign: operation({
      verb: 'PUT',
      path: 'projects/{project_id}/users/{user_id}/roles/{role_id}',
      status: 204,
      input: args({ project_id: z.string(), user_id: z.string(), role_id: z.string() }),
    }),
    /** Take a role. Tokens that the user has for the project lose it at once. */
    revoke: operation({
      verb: 'DELETE',
      path: 'projects/{project_id}/users/{user_id}/roles/{role_id}',
      input: args({ project_id: z.string(), user_id: z.string(), role_id: z.string() }),
    }),
  },
});
