export { journal, type JournalOptions } from './read/journal.ts';
export { journalExport } from './read/journal-export.ts';
export type { LogSource, LogStream, RecordSource } from './read/log-source.ts';
export { type LogReading, readLogs, type ReadLogsOptions } from './read/read-logs.ts';
export type { SourceReport } from './read/tally.ts';
