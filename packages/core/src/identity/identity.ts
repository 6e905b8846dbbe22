import { service } from '../operation.ts';
import { domains } from './domains.ts';
import { projects } from './projects.ts';
import { roleAssignments } from './role-assignments.ts';
import { projectUserRoles } from './role-grants.ts';
import { roles } from './roles.ts';
import { users } from './users.ts';

/** Keystone, version 3 of its API. */
export const identity = service({
  name: 'identity',
  type: 'identity',
  major: 'v3',
  resources: { domains, projectUserRoles, projects, roleAssignments, roles, users },
});
