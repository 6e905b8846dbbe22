export { journal, type JournalSource } from './read/journal.ts';
export type { JournalEntry } from './read/journal-entry.ts';
export { journalExport } from './read/journal-export.ts';
export type { JournalOptions, JournalPage, JournalPlace } from './read/journal-pages.ts';
export type { LogSource, LogStream, RecordSource } from './read/log-source.ts';
export { type LogReading, readLogs, type ReadLogsOptions } from './read/read-logs.ts';
export type { SourceReport } from './read/tally.ts';
