export { admit, type Admission, type AdmissionPolicy, type Applicant } from './placement/admission.ts';
export { no, type PlacementAnswer, type Reason, type RuleAnswer, notKnown } from './placement/answer.ts';
export { assessPlacement } from './placement/assess-placement.ts';
export { confirmByPlacement, type Confirmation } from './placement/confirm.ts';
export { guardCreate, type Guarded, type GuardOptions, type ServerRequest } from './placement/guard.ts';
export { imageIsolation } from './placement/image-isolation.ts';
export {
  type LegalLocation,
  type LegalLocations,
  legalLocations,
  type MoveCost,
  type MoveMethod,
} from './placement/legal-locations.ts';
export { observePlacement, type ObservePlacementOptions } from './placement/observe-placement.ts';
export { canRun, definePlacementRule, type PlacementRule } from './placement/rule.ts';
export {
  aggregateProperties,
  capacity,
  encryption,
  inService,
  type LabelRuleOptions,
  licence,
  residency,
  schedulerRules,
  type AggregateRuleOptions,
  type EncryptionRuleOptions,
  type LicenceRuleOptions,
  tenancy,
  traits,
  zone,
} from './placement/rules.ts';
export { serverGroup } from './placement/server-group.ts';
export type { Labels, Location, PlacementSnapshot, Stock, Workload } from './placement/placement-snapshot.ts';
