export { assessSecurityGroup, assessSecurityGroups } from './security-groups/assess.ts';
export { type AdminPort, adminPorts } from './security-groups/exposure/admin-ports.ts';
export type { EffectivePort } from './security-groups/filters/effective-ports.ts';
export {
  type ExposureCoverage,
  type ExposureFinding,
  isExposure,
} from './security-groups/findings/exposure-finding.ts';
export {
  observeSecurityGroups,
  type ObserveSecurityGroupsOptions,
} from './security-groups/observe/observe.ts';
export type { SecurityGroupPolicy } from './security-groups/policy.ts';
export type { ExposureCause } from './security-groups/remediation/remediation.ts';
export type { NewRule, RuleEdit } from './security-groups/remediation/rule-edit.ts';
export type { SecurityGroupSnapshot } from './security-groups/snapshot/snapshot.ts';
export { withSecurityGroup } from './security-groups/snapshot/with-group.ts';
export { attributeFinding, type AttributeFindingOptions } from './watch/attribute-finding.ts';
export { type Watch, type WatchEvents, type WatchOptions, watchSecurityGroups } from './watch/watch.ts';
