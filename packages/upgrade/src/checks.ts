export { assessUpgradeChecks } from './status-checks/assess-upgrade-checks.ts';
export {
  observeUpgradeChecks,
  type ObserveUpgradeChecksOptions,
  type UpgradeCheckReport,
  type UpgradeCheckTarget,
} from './status-checks/observe-upgrade-checks.ts';
export {
  readUpgradeCheck,
  type UpgradeCheck,
  type UpgradeCheckResult,
} from './status-checks/read-upgrade-check.ts';
