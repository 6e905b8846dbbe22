export {
  distributionAfter,
  type Distribution,
  type DistributionName,
  type DistributionStep,
  distributions,
} from './path/distributions.ts';
export {
  type HopAnswer,
  type HopKind,
  hopBetween,
  type HopRefusal,
  type HopRefusalCode,
} from './path/hop-between.ts';
export type { PathRefusal, PathRefusalCode } from './path/path-refusal.ts';
export { pathText } from './path/path-text.ts';
export {
  type Hop,
  type HopNeed,
  type PathAnswer,
  type PathFrom,
  type PathOptions,
  planPath,
  type UpgradePath,
} from './path/plan-path.ts';
export { type InfraPath, type InfraRefusal, rabbitmqPath } from './path/rabbitmq-path.ts';
