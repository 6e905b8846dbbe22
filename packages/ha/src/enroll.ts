export {
  activePassiveImplementations,
  type ActivePassiveImplementationsOptions,
} from './enroll/active-passive/active-passive-implementations.ts';
export type {
  ActivePassiveOptions,
  ActivePassivePlace,
} from './enroll/active-passive/active-passive-options.ts';
export {
  type ActivePassiveSnapshot,
  observeActivePassive,
  type ObserveActivePassiveOptions,
} from './enroll/active-passive/observe-active-passive.ts';
export {
  type ActivePassiveRetirementOptions,
  planActivePassiveRetirement,
} from './enroll/active-passive/plan-active-passive-retirement.ts';
export { planActivePassive } from './enroll/active-passive/plan-active-passive.ts';
export { EnrollError } from './enroll/enroll-error.ts';
export { enrollImplementations, type EnrollImplementationsOptions } from './enroll/enroll-implementations.ts';
export type { EnrollRefusal, EnrollRefusalCode } from './enroll/enroll-refusal.ts';
export type { HaproxyModelInput } from './enroll/haproxy-model.ts';
export type { KeepalivedModelInput } from './enroll/keepalived-model.ts';
export type { FileOwner } from './enroll/managed-file.ts';
export {
  type BalancerFiles,
  type EnrollmentSnapshot,
  observeEnrollment,
  type ObserveEnrollmentOptions,
} from './enroll/observe-enrollment.ts';
export { planEnrollment } from './enroll/plan-enrollment.ts';
export { planRetirement, type PlanRetirementOptions } from './enroll/plan-retirement.ts';
export type { EnrollSecrets } from './enroll/render-config.ts';
export { renderHaproxy } from './enroll/render-haproxy.ts';
export {
  type BalancerCheckInput,
  renderBalancerCheck,
  renderKeepalived,
} from './enroll/render-keepalived.ts';
export { haSettings, type HaSettingsOptions, renderSettings } from './enroll/settings.ts';
export type { EnrollOptions, EnrollTopology, Setting } from './enroll/topology.ts';
export type { ResourceOwner } from './enroll/active-passive/resource-elements.ts';
