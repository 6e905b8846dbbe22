import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, type Fields } from '../../record/shape.ts';
import { Role } from './roles.ts';

/**
 * The operations on roles that hold below a place, which have the same form everywhere.
 *
 * @param path - of who has it, below where
 * @param who - the slots of that path
 */
const inherited = <const P extends string, const F extends Fields>(path: P, who: F) => ({
  /** Ask whether a role is given so. 404 if not: see `isNotFound`. */
  check: operation({
    verb: 'HEAD',
    path: `OS-INHERIT/${path}/roles/{role_id}/inherited_to_projects`,
    status: 204,
    input: args({ ...who, role_id: z.string() }),
  }),
  /** Give a role for all projects below, those to come included. Giving it again is no error. */
  assign: operation({
    verb: 'PUT',
    path: `OS-INHERIT/${path}/roles/{role_id}/inherited_to_projects`,
    status: 204,
    input: args({ ...who, role_id: z.string() }),
  }),
  /** Take a role. */
  revoke: operation({
    verb: 'DELETE',
    path: `OS-INHERIT/${path}/roles/{role_id}/inherited_to_projects`,
    status: 204,
    input: args({ ...who, role_id: z.string() }),
  }),
});

/** Of projects Keystone has no such list: `roleAssignments.list` with `scope.OS-INHERIT:inherited_to` has them. */
const listed = <const P extends string, const F extends Fields>(path: P, who: F) => ({
  /** Iterate over the roles given so. */
  list: operation({
    verb: 'GET',
    path: `OS-INHERIT/${path}/roles/inherited_to_projects`,
    receive: 'roles',
    page: 'body-links',
    input: args(who),
    output: Role,
  }),
});

const projectUserArguments = { project_id: z.string(), user_id: z.string() };
const projectGroupArguments = { project_id: z.string(), group_id: z.string() };
const domainUserArguments = { domain_id: z.string(), user_id: z.string() };
const domainGroupArguments = { domain_id: z.string(), group_id: z.string() };

/** Roles of users in all projects below a project, but not in itself. */
export const projectUserInheritedRoles = resource({
  name: 'projectUserInheritedRoles',
  operations: { ...inherited('projects/{project_id}/users/{user_id}', projectUserArguments) },
});

/** Roles of groups in all projects below a project, but not in itself. */
export const projectGroupInheritedRoles = resource({
  name: 'projectGroupInheritedRoles',
  operations: { ...inherited('projects/{project_id}/groups/{group_id}', projectGroupArguments) },
});

/** Roles of users in all projects of a domain, but not on itself. */
export const domainUserInheritedRoles = resource({
  name: 'domainUserInheritedRoles',
  operations: {
    ...listed('domains/{domain_id}/users/{user_id}', domainUserArguments),
    ...inherited('domains/{domain_id}/users/{user_id}', domainUserArguments),
  },
});

/** Roles of groups in all projects of a domain, but not on itself. */
export const domainGroupInheritedRoles = resource({
  name: 'domainGroupInheritedRoles',
  operations: {
    ...listed('domains/{domain_id}/groups/{group_id}', domainGroupArguments),
    ...inherited('domains/{domain_id}/groups/{group_id}', domainGroupArguments),
  },
});
