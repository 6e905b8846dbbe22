export {
  relevel,
  type Relevelled,
  relevelled,
  type RelevelledRecord,
  type RelevelOptions,
} from './relevel/relevel.ts';
export {
  defaultLogLevels,
  type DefaultLogLevels,
  type DefaultLogLevelsOptions,
  type LoggerCut,
  type LoggerKept,
} from './relevel/default-log-levels.ts';
export { ownLogLevels } from './relevel/own-log-levels.ts';
export { fluentBitFilters, type FluentBitOptions } from './relevel/fluent-bit.ts';
export { type QuietFilter, quietFilters, type QuietFiltersOptions } from './relevel/quiet-filters.ts';
