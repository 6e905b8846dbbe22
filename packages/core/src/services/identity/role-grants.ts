import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, type Fields } from '../../record/shape.ts';
import { Role } from './roles.ts';

/**
 * The operations on what somebody may do somewhere, which have the same form everywhere.
 *
 * @param path - of who has it, where
 * @param who - the slots of that path
 */
const grants = <const P extends string, const F extends Fields>(path: P, who: F) => ({
  /** Iterate over the roles given so: not those that come by groups, by inheritance or by other roles. */
  list: operation({
    verb: 'GET',
    path: `${path}/roles`,
    receive: 'roles',
    page: 'body-links',
    input: args(who),
    output: Role,
  }),
  /** Ask whether a role is given so. 404 if not: see `isNotFound`. */
  check: operation({
    verb: 'HEAD',
    path: `${path}/roles/{role_id}`,
    status: 204,
    input: args({ ...who, role_id: z.string() }),
  }),
  /** Give a role. Giving it again is no error. */
  assign: operation({
    verb: 'PUT',
    path: `${path}/roles/{role_id}`,
    status: 204,
    input: args({ ...who, role_id: z.string() }),
  }),
  /** Take a role. Tokens that rest on it lose it at once. */
  revoke: operation({
    verb: 'DELETE',
    path: `${path}/roles/{role_id}`,
    status: 204,
    input: args({ ...who, role_id: z.string() }),
  }),
});

const project = { project_id: z.string() };
const domain = { domain_id: z.string() };
const user = { user_id: z.string() };
const group = { group_id: z.string() };

/** Roles of users in projects. */
export const projectUserRoles = resource({
  name: 'projectUserRoles',
  operations: { ...grants('projects/{project_id}/users/{user_id}', { ...project, ...user }) },
});

/** Roles of groups in projects. */
export const projectGroupRoles = resource({
  name: 'projectGroupRoles',
  operations: { ...grants('projects/{project_id}/groups/{group_id}', { ...project, ...group }) },
});

/** Roles of users on domains: for what is the domain's own, such as its users. They do not reach its projects. */
export const domainUserRoles = resource({
  name: 'domainUserRoles',
  operations: { ...grants('domains/{domain_id}/users/{user_id}', { ...domain, ...user }) },
});

/** Roles of groups on domains. They do not reach its projects. */
export const domainGroupRoles = resource({
  name: 'domainGroupRoles',
  operations: { ...grants('domains/{domain_id}/groups/{group_id}', { ...domain, ...group }) },
});

/** Roles of users on the system: for what belongs to no project or domain, such as hypervisors and endpoints. */
export const systemUserRoles = resource({
  name: 'systemUserRoles',
  operations: { ...grants('system/users/{user_id}', user) },
});

/** Roles of groups on the system. */
export const systemGroupRoles = resource({
  name: 'systemGroupRoles',
  operations: { ...grants('system/groups/{group_id}', group) },
});
