export type {
  CheckContext,
  Frameworks,
  PartOf,
  CompliancePolicy,
  CompliancePolicySpec,
  ObservedParts,
} from './policy/define-policy.ts';
export { policiesOver } from './policy/define-policy.ts';
export { evaluate, type EvaluateOptions, type Scoped } from './policy/evaluate.ts';
export { type Exemption, ExemptionError, parseExemptions } from './policy/exemption.ts';
export { type ExemptionChange, exemptionEvents } from './policy/exemption-events.ts';
export { fail, type Judgement, type JudgementOptions, pass, subject, unknown } from './policy/judgement.ts';
export type {
  ComplianceFinding,
  ComplianceReport,
  ExemptionUse,
  RanPolicy,
  ReportScope,
  ScopedProject,
} from './policy/report.ts';
export {
  type Drift,
  driftHistory,
  type DriftHistory,
  driftOf,
  type FindingHistory,
} from './reports/drift.ts';
export { toJUnit } from './reports/junit.ts';
export { type PageOptions, toComplianceHtml } from './reports/page.ts';
export { type SarifLog, type SarifResult, type SarifRule, type SarifRun, toSarif } from './reports/sarif.ts';
