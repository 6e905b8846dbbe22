export { assessLevels } from './levels/assess-levels.ts';
export { confirmed, type ConfirmedLevel } from './levels/confirmed.ts';
export type { LevelCoverage } from './levels/coverage.ts';
export { type LeaseGateOptions, untilLeaseEnds } from './levels/lease-gate.ts';
export { type LentLevel, lentLevels, type LentLevels, type LentLevelsOptions } from './levels/lent-levels.ts';
export { LevelError } from './levels/level-error.ts';
export { type LevelEvent, levelEvents } from './levels/level-events.ts';
export { levelImplementations } from './levels/level-implementations.ts';
export type { LevelAccess } from './levels/level-strategies.ts';
export type { CinderService, SettableLevel } from './levels/level-target.ts';
export {
  type CinderLevelRequest,
  type ConfiguredLevelRequest,
  type LevelRequested,
  planLevel,
  type PlanLevelOptions,
} from './levels/plan-level.ts';
export { restoreLevels, type RestoredLevels, type RestoreLevelsOptions } from './levels/restore-levels.ts';
