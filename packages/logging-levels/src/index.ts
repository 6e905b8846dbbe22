export { assess } from './assess.ts';
export { type Level, levelOf, levels } from './level.ts';
export { levelNumber, levelOfNumber, type LevelScheme, levelSchemes } from './level-schemes.ts';
export { type LogSnapshot, observe, type ObserveLogsOptions, type OffenceCount } from './observe.ts';
export type { LogFormat, OtherFormat } from './read/log-format.ts';
export { type LogRecord, RecordReader } from './parse.ts';
export { Judge, type Offence, type Rule, type RuleId, rules } from './rules.ts';
export { template } from './template.ts';
export { type OsloFormat, osloFormat, type OsloFormatOptions, type OsloLine } from './read/oslo-format.ts';
