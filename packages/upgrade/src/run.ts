export { type TrafficInput, upgradeActions } from './run/actions.ts';
export { UpgradeStepReport } from './run/step-report.ts';
export {
  type ChecklistAnswer,
  ChecklistError,
  checklistExecutor,
  type ChecklistExecutorOptions,
  type ChecklistItem,
} from './run/executors/checklist-executor.ts';
export type { ApiEndpoint, ApiEndpoints } from './run/executors/api-endpoints.ts';
export { commandExecutor, type CommandExecutorOptions } from './run/executors/command-executor.ts';
export { dryExecutor, type DryExecutorOptions } from './run/executors/dry-executor.ts';
export type { UpgradeExecutor } from './run/executors/executor.ts';
export type { ComponentNaming, ServiceVerb } from './run/executors/naming.ts';
export { UpgradeRunError, type UpgradeRunErrorCode } from './run/executors/run-error.ts';
export type { LeadTraffic } from './run/executors/traffic-handlers.ts';
export {
  type WorkerHeartbeats,
  heartbeatsOf,
  type HeartbeatsOf,
  type WorkerReports,
} from './run/executors/worker-heartbeats.ts';
export type {
  DeploymentAnswer,
  DeploymentCommand,
  DeploymentDifference,
  DeploymentEdit,
  DeploymentNeed,
  DeploymentPhase,
  DeploymentProcedure,
  DeploymentRefusal,
  DeploymentRefusalCode,
  DeploymentToolName,
} from './run/deployment/deployment.ts';
export type { DeploymentOptions } from './run/deployment/deployment-options.ts';
export { deploymentText } from './run/deployment/deployment-text.ts';
export { kollaAnsibleCommands } from './run/deployment/kolla-ansible.ts';
export type { KollaAnsibleOptions } from './run/deployment/kolla-options.ts';
export { openstackAnsibleCommands } from './run/deployment/openstack-ansible.ts';
export type { OpenstackAnsibleOptions } from './run/deployment/osa-options.ts';
export type { MeasuredRequest, UpgradeMeasurement } from './run/measurement.ts';
export type { ProbeFigures, ServedTimes } from './run/probe-figures.ts';
export { observeThreads, type ObserveThreadsOptions } from './run/observe-threads.ts';
export type { PlanUpgradeOptions, RestoreEvidence } from './run/plan-options.ts';
export { type PlannedHop, planUpgrade } from './run/plan-upgrade.ts';
export type { UpgradeCommand } from './run/recipe.ts';
export type { UpgradeRefusal, UpgradeRefusalCode } from './run/refusals.ts';
export { stuckMigrations, type StuckMigrationsOptions } from './run/stuck-migrations.ts';
export type { TopologyHost, UpgradeTopology } from './run/topology.ts';
export { upgradeImplementations, type UpgradeImplementationsOptions } from './run/upgrade-implementations.ts';
export {
  type FailedRequest,
  type UpgradeClass,
  upgradeVerdict,
  type UpgradeVerdict,
  type UpgradeVerdictInput,
} from './run/upgrade-verdict.ts';
export type { UnseenStep } from './run/unseen-steps.ts';
export { verdictText } from './run/verdict-text.ts';
export {
  type MeterFailure,
  upgradeMeter,
  type UpgradeMeter,
  type UpgradeMeterOptions,
  type UpgradeProbe,
} from './run/upgrade-meter.ts';
