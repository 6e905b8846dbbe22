// The resources of the service, by their names on the client: `cloud.identity.<name>`.
export { accessRules } from './access-rules.ts';
export { applicationCredentials } from './application-credentials.ts';
export { auth } from './auth.ts';
export { credentials } from './credentials.ts';
export { domainConfig } from './domain-config.ts';
export { domains } from './domains.ts';
export { ec2Credentials } from './ec2-credentials.ts';
export { endpointGroups, projectEndpoints } from './endpoint-filter.ts';
export { endpoints } from './endpoints.ts';
export { federationMappings } from './federation-mappings.ts';
export { groups } from './groups.ts';
export { federationProtocols, identityProviders } from './identity-providers.ts';
export {
  domainGroupInheritedRoles,
  domainUserInheritedRoles,
  projectGroupInheritedRoles,
  projectUserInheritedRoles,
} from './inherited-roles.ts';
export { limits } from './limits.ts';
export { policies } from './policies.ts';
export { projects } from './projects.ts';
export { projectTags } from './project-tags.ts';
export { regions } from './regions.ts';
export { registeredLimits } from './registered-limits.ts';
export { roleAssignments } from './role-assignments.ts';
export {
  domainGroupRoles,
  domainUserRoles,
  projectGroupRoles,
  projectUserRoles,
  systemGroupRoles,
  systemUserRoles,
} from './role-grants.ts';
export { roleInferences } from './role-inferences.ts';
export { roles } from './roles.ts';
export { serviceProviders } from './service-providers.ts';
export { services } from './services.ts';
export { tokens } from './tokens.ts';
export { trusts } from './trusts.ts';
export { users } from './users.ts';
