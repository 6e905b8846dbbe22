import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  aSignal,
  anObjectWith,
  InputError,
  optionsSchema,
  parseArguments,
  ConfigError,
  type Gap,
} from '@groundcrew/ground';
import { gap, logFiles } from '../log-files.ts';
import type { LogRecord } from '../parse.ts';
import { type LogChain, logChains } from './log-chains.ts';
import type { LogSource, RecordSource } from './log-source.ts';
import { anOsloFormat, osloFormat, type OsloFormat, type OsloFormatOptions } from './oslo-format.ts';
import { recordsOfChain, recordsOfStream } from './stream-records.ts';
import { type SourceReport, Tally } from './tally.ts';

export interface ReadLogsOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * How the services format their lines, by their own configuration. JSON is read, too.
   *
   * @default oslo.log's formats, before and since 4.8
   */
  readonly format?: OsloFormatOptions | undefined;
}

/** The records of a source, in the order in which they were written, and what was and was not read. */
export interface LogReading extends AsyncIterable<LogRecord> {
  /** What was read so far. All is known once the records were read to their end. */
  readonly report: () => { readonly sources: readonly SourceReport[]; readonly gaps: readonly Gap[] };
}

const readLogsOptions = optionsSchema<ReadLogsOptions>({
  signal: aSignal.optional(),
  format: anOsloFormat.optional(),
});

/**
 * Reads messages from a file, a directory, a stream or a journal, whoever wrote them: oslo.log as text, as JSON and in a format of
 * one's own, and the programs beside (`OtherFormat`), also several in one file. Memory stays the same whatever the size of the log.
 *
 * Of a directory all that is named as a log is read, also rotated and packed, each log with its oldest file first. A file that
 * cannot be read, a line past 65,536 bytes, and lines that belong to no message are told by `report()`, and end nothing. A line that
 * cannot be told to be anybody's is part of no message.
 *
 * @throws ConfigError if the path cannot be read
 * @throws InputError for a `format` whose fields cannot be told apart
 * @example
 * const reading = readLogs('/var/log/nova');
 * for await (const { at, level, message, source } of reading) if (level === 'error') console.log(source, at, message);
 * console.log(reading.report().gaps);
 */
export function readLogs(source: LogSource, options: ReadLogsOptions = {}): LogReading {
  parseArguments('logging-levels.readLogs', readLogsOptions, options);
  if (!isSource(source))
    throw new InputError('readLogs: the source is neither a path nor a stream nor a journal', {
      field: 'source',
      operation: 'logging-levels.readLogs',
      remedy: 'Give a path, `{ name, stream }`, or what `journal()` returns.',
    });
  const format = options.format === undefined ? undefined : osloFormat(options.format);
  let tally = new Tally();
  return {
    report: () => tally.report(),
    [Symbol.asyncIterator]: () => {
      // Whoever reads it again counts anew.
      tally = new Tally();
      return records(source, { format, signal: options.signal }, tally);
    },
  };
}

const isSource = (source: unknown): source is LogSource =>
  typeof source === 'string' ||
  anObjectWith('a stream', 'name', 'stream').safeParse(source).success ||
  anObjectWith('a journal', 'name', 'records').safeParse(source).success;

interface Reading {
  readonly format: OsloFormat | undefined;
  readonly signal: AbortSignal | undefined;
}

async function* records(source: LogSource, reading: Reading, tally: Tally): AsyncGenerator<LogRecord> {
  if (typeof source === 'string') yield* recordsOfPath(source, reading, tally);
  else if ('stream' in source)
    yield* tally.counting(recordsOfStream(source, reading, tally.part(source.name)));
  else yield* journalRecords(source, reading.signal, tally);
}

async function* journalRecords(
  { name, records: of, unread }: RecordSource,
  signal: AbortSignal | undefined,
  tally: Tally,
): AsyncGenerator<LogRecord> {
  yield* tally.counting(of(signal));
  const count = unread?.() ?? 0;
  if (count > 0)
    tally.gaps.push(gap(name, 'cut', `${count} entries could not be read`, 'Look at them yourself.'));
}

async function* recordsOfPath(at: string, reading: Reading, tally: Tally): AsyncGenerator<LogRecord> {
  const { directory, chains } = await chainsOf(at, tally);
  for (const chain of chains) {
    reading.signal?.throwIfAborted();
    yield* tally.counting(recordsOfChain(directory, chain, reading, (file) => tally.part(file)));
  }
}

async function chainsOf(
  at: string,
  tally: Tally,
): Promise<{ readonly directory: string; readonly chains: readonly LogChain[] }> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(at)).isDirectory();
  } catch (cause) {
    throw new ConfigError(`${at}: cannot be read`, {
      file: at,
      cause,
      remedy: 'Is it there, and readable for this user?',
    });
  }
  if (!isDirectory) {
    const name = path.basename(at);
    return { directory: path.dirname(at), chains: [{ name, files: [name] }] };
  }
  const found = await logFiles(at);
  for (const one of found.gaps) tally.gaps.push(one);
  if (found.files.length === 0)
    tally.gaps.push(gap(at, 'unsupported', 'no log file is in it', 'Name the directory of a service.'));
  return { directory: at, chains: logChains(found.files) };
}
