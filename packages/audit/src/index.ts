export { type AdminPort, adminPorts } from './security-groups/exposure/admin-ports.ts';
export { assess, assessGroup, type AuditPolicy, withGroup } from './security-groups/assess.ts';
export {
  type Cause,
  type Coverage,
  type ExposureFinding,
  isExposure,
} from './security-groups/findings/exposure-finding.ts';
export {
  type AddressGroup,
  type AuditedNetwork,
  type AuditSnapshot,
  type DefaultRule,
  type FirewallGroup,
  type FirewallRule,
  type FloatingIp,
  observe,
  type ObserveAuditOptions,
  type Port,
  type Project,
  type Router,
  type SecurityGroup,
  type SecurityGroupRule,
  type Sharing,
} from './security-groups/observe.ts';
export type { EffectivePort } from './security-groups/effective-ports.ts';
export type { Way } from './security-groups/ingress/ingress-paths.ts';
export type { NewRule, RuleEdit } from './security-groups/remediation/rule-edit.ts';
export { type Affected, affectedBy } from './watch/affected.ts';
export { attributeFinding, type AttributeFindingOptions } from './watch/attribute-finding.ts';
export { type Watch, type WatchEvents, type WatchOptions, watchSecurityGroups } from './watch/watch.ts';
