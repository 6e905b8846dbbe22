export { type AdminPort, adminPorts } from './security-groups/exposure/admin-ports.ts';
export { assess, assessGroup } from './security-groups/assess.ts';
export type { AuditPolicy } from './security-groups/policy.ts';
export { withGroup } from './security-groups/snapshot/with-group.ts';
export type { Cause } from './security-groups/remediation/remediation.ts';
export {
  type Coverage,
  type ExposureFinding,
  isExposure,
} from './security-groups/findings/exposure-finding.ts';
export { observe, type ObserveAuditOptions } from './security-groups/observe/observe.ts';
export type {
  AddressGroup,
  AuditedNetwork,
  AuditSnapshot,
  DefaultRule,
  FirewallGroup,
  FirewallRule,
  FloatingIp,
  Port,
  Project,
  Router,
  SecurityGroup,
  SecurityGroupRule,
  Sharing,
} from './security-groups/snapshot/snapshot.ts';
export type { EffectivePort } from './security-groups/filters/effective-ports.ts';
export type { Way } from './security-groups/ingress/ingress-paths.ts';
export type { NewRule, RuleEdit } from './security-groups/remediation/rule-edit.ts';
export { type Affected, affectedBy } from './watch/affected.ts';
export { attributeFinding, type AttributeFindingOptions } from './watch/attribute-finding.ts';
export { type Watch, type WatchEvents, type WatchOptions, watchSecurityGroups } from './watch/watch.ts';
