import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Switch } from './paging.ts';
import { tolerant } from '../../record/tolerant.ts';

const Domain = tolerant({ id: z.string(), name: z.string().optional() });
/** Names, and the domain, only with `include_names`. */
const InDomain = tolerant({ id: z.string(), name: z.string().optional(), domain: Domain.optional() });

/** A role that a user or a group has on a project, a domain or the system. */
export const RoleAssignment = answer({
  role: tolerant({
    id: z.string(),
    name: z.string().optional(),
    /** The domain of the role, if it belongs to one, with `include_names`. */
    domain: Domain.nullable().optional(),
  }),
  user: InDomain.optional(),
  group: InDomain.optional(),
  scope: tolerant({
    project: InDomain.optional(),
    domain: Domain.optional(),
    system: tolerant({ all: z.boolean().optional() }).optional(),
    /** It holds for all projects below, not for the scope itself. */
    'OS-INHERIT:inherited_to': z.string().optional(),
  }),
  links: tolerant({
    assignment: z.string().optional(),
    /** With `effective`: the group that the role came by. */
    membership: z.string().optional(),
    /** With `effective`: the role that implies it. */
    prior_role: z.string().optional(),
  }).optional(),
});
export type RoleAssignment = OutputAt<typeof RoleAssignment>;

/** Assignments of roles to users and groups. Roles are given and taken by `projectUserRoles` and its like. */
export const roleAssignments = resource({
  name: 'roleAssignments',
  operations: {
    /**
     * Iterate over assignments, by who and where. Of `user.id` and `group.id`, and of the scopes, one each.
     *
     * @example
     * // Who can do what in a project, groups and implied roles resolved:
     * cloud.identity.roleAssignments.list({ 'scope.project.id': id, effective: true, include_names: true });
     */
    list: operation({
      verb: 'GET',
      path: 'role_assignments',
      receive: 'role_assignments',
      page: 'body-links',
      input: args({
        'role.id': z.string().optional(),
        'user.id': z.string().optional(),
        /** 400 together with `effective`. */
        'group.id': z.string().optional(),
        'scope.project.id': z.string().optional(),
        'scope.domain.id': z.string().optional(),
        /** Roles on the system as a whole. */
        'scope.system': z.literal('all').optional(),
        'scope.OS-INHERIT:inherited_to': z.literal('projects').optional(),
        /** Resolve groups into users, inherited roles into projects, and roles into those that they imply. */
        effective: Switch,
        include_names: Switch,
        /** With `scope.project.id`: of the projects below it too. */
        include_subtree: Switch,
      }),
      output: RoleAssignment,
    }),
  },
});
