export type { LogQuestion } from './ask-logs.ts';
export { collect, type CollectOptions } from './collect.ts';
export { toHtml } from './html/page.ts';
export type { CollectProgress, CollectStep } from './progress.ts';
export { type QuestionId, questions } from './questions.ts';
export {
  type Answer,
  compose,
  type FindingsByQuestion,
  type FindingGroup,
  groups,
  type Report,
  type ReportSubject,
} from './report.ts';
export { type TerminalOptions, toTerminal } from './terminal.ts';
