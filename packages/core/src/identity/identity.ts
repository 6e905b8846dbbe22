import { service } from '../operation.ts';
import { accessRules } from './access-rules.ts';
import { applicationCredentials } from './application-credentials.ts';
import { domains } from './domains.ts';
import { endpoints } from './endpoints.ts';
import { projects } from './projects.ts';
import { regions } from './regions.ts';
import { roleAssignments } from './role-assignments.ts';
import { projectUserRoles } from './role-grants.ts';
import { roles } from './roles.ts';
import { services } from './services.ts';
import { tokens } from './tokens.ts';
import { trusts } from './trusts.ts';
import { users } from './users.ts';

/** Keystone, version 3 of its API. */
export const identity = service({
  name: 'identity',
  type: 'identity',
  major: 'v3',
  resources: {
    accessRules,
    applicationCredentials,
    domains,
    endpoints,
    projectUserRoles,
    projects,
    regions,
    roleAssignments,
    roles,
    services,
    tokens,
    trusts,
    users,
  },
});
