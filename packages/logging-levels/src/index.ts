export { assess, type AssessLogsOptions } from './assess.ts';
export { type Level, levelOf, levels } from './level.ts';
export { levelNumber, levelOfNumber, type LevelScheme, levelSchemes } from './level-schemes.ts';
export { type LogSnapshot, observe, type ObserveLogsOptions } from './observe.ts';
export type { OffenceCount } from './observe/offence-counts.ts';
export type { LogFormat, OtherFormat } from './read/log-format.ts';
export { type LogRecord, RecordReader } from './parse.ts';
export { Judge, type UnattributedMessages } from './judge.ts';
export type { SaidAgain } from './judge/judged-words.ts';
export type { JudgedOffence, Offence } from './judge/offence.ts';
export {
  type Certainty,
  type Rule,
  type RuleId,
  rules,
  type LogRuleSource,
  specification,
  talk2014,
} from './rules.ts';
export { template } from './template.ts';
export { type OsloFormat, osloFormat, type OsloFormatOptions, type OsloLine } from './read/oslo-format.ts';
