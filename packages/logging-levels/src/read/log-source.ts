import type { LogRecord } from '../parse.ts';

/**
 * What `readLogs` reads: the path of a file or of a directory, bytes that come from anywhere, or a journal.
 */
export type LogSource = string | LogStream | RecordSource;

/** Bytes of a log, as they come: a socket, the output of a program, an object of a store. */
export interface LogStream {
  /** Whence it comes, for the records' `source`. */
  readonly name: string;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** A source whose messages are taken apart already, as a journal's are. */
export interface RecordSource {
  readonly name: string;
  /** The records, in order; what cannot be read throws. */
  readonly records: (signal: AbortSignal | undefined) => AsyncIterable<LogRecord>;
  /** How many entries could not be read, once `records` was read to its end. */
  readonly unread?: () => number;
}
