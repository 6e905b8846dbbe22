import path from 'node:path';
import { aFunction, aSignal, maskText, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Gap, Observed } from '@groundcrew/core';
import type { Level } from './level.ts';
import { gap, logFiles } from './log-files.ts';
import { RecordReader, type LogRecord } from './parse.ts';
import { anOsloFormat, type OsloFormat, osloFormat, type OsloFormatOptions } from './read/oslo-format.ts';
import { readLines, type Unread } from './read-lines.ts';
import { Judge } from './judge.ts';
import type { Offence } from './judge/offence.ts';
import { secretIn } from './judge/secret.ts';
import { template } from './template.ts';

/** The violations of one rule by one kind of message in one file. */
export interface OffenceCount extends Offence {
  readonly file: string;
  readonly logger: string;
  readonly level: Level;
  /** The message without what varies. */
  readonly template: string;
  readonly times: number;
  /** The line where it is seen first, and the time of that line as written. */
  readonly firstLine: number;
  readonly firstAt: string;
}

export interface LogSnapshot {
  readonly directory: string;
  readonly files: number;
  /** Files of which no line has the form of oslo.log: they are judged for secrets only. */
  readonly foreign: readonly string[];
  readonly records: number;
  readonly byLevel: Readonly<Record<Level, number>>;
  readonly offences: readonly OffenceCount[];
}

export interface ObserveLogsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: (() => number) | undefined;
  /**
   * How the services format their lines, by their own configuration. JSON is read, too.
   *
   * @default oslo.log's formats, before and since 4.8
   */
  readonly format?: OsloFormatOptions | undefined;
}

const observeOptions = optionsSchema<ObserveLogsOptions>({
  signal: aSignal.optional(),
  now: aFunction.optional(),
  format: anOsloFormat.optional(),
});

/**
 * Reads the logs of a directory and counts what is at the wrong level. Files are streamed: memory grows with the
 * number of different messages, not with the size of the logs or of a line.
 *
 * `*.log`, `*.out` and `*.err` are read, rotated and packed by gzip too. A file of which no line has the form of
 * oslo.log (or its JSON) is in `foreign`, and is a gap; so is whatever could not be read wholly. Secrets are looked for
 * in every line.
 *
 * @throws ConfigError if the directory cannot be read
 * @throws InputError for a `format` whose fields cannot be told apart
 * @example const logs = await observe('/var/log/nova');
 */
export async function observe(
  directory: string,
  options: ObserveLogsOptions = {},
): Promise<Observed<LogSnapshot>> {
  parseArguments('logging-levels.observe', observeOptions, options);
  const at = new Date((options.now ?? Date.now)()).toISOString();
  const format = options.format === undefined ? undefined : osloFormat(options.format);
  const counts = new Map<string, OffenceCount>();
  const byLevel = { critical: 0, error: 0, warning: 0, info: 0, debug: 0, trace: 0 };
  const foreign: string[] = [];
  let records = 0;
  const found = await logFiles(directory);
  const gaps: Gap[] = [...found.gaps];
  for (const file of found.files) {
    options.signal?.throwIfAborted();
    const look = await readFile(directory, file, { format, signal: options.signal }, counts, byLevel);
    records += look.records;
    gaps.push(...look.gaps);
    if (look.isForeign) foreign.push(file);
  }
  if (found.files.length === 0)
    gaps.push(gap(directory, 'unsupported', 'no log file is in it', 'Name the directory of a service.'));
  if (counts.size >= MOST_TEMPLATES)
    gaps.push(gap(directory, 'cut', `more than ${MOST_TEMPLATES} kinds of messages`, 'Name fewer logs.'));
  return {
    value: {
      directory,
      files: found.files.length,
      foreign,
      records,
      byLevel,
      offences: [...counts.values()].toSorted((a, b) => b.times - a.times),
    },
    at,
    source: directory,
    completeness: gaps.length === 0 ? 'complete' : records > 0 ? 'partial' : 'unsupported',
    gaps,
  };
}

interface FileLook {
  readonly records: number;
  readonly isForeign: boolean;
  readonly gaps: readonly Gap[];
}

async function readFile(
  directory: string,
  file: string,
  { format, signal }: { readonly format: OsloFormat | undefined; readonly signal: AbortSignal | undefined },
  counts: Map<string, OffenceCount>,
  byLevel: Record<Level, number>,
): Promise<FileLook> {
  const judge = new Judge();
  const unread: Unread = { longLines: 0, tooLarge: false };
  const gaps: Gap[] = [];
  let records = 0;
  const reader = new RecordReader((line, number) => {
    const secret = secretIn(line);
    if (secret !== undefined) count(counts, file, strayRecord(line, number), secret);
  }, format);
  const take = (record: LogRecord | undefined): void => {
    if (record === undefined) return;
    records += 1;
    byLevel[record.level] += 1;
    for (const { record: of, ...offence } of judge.judge(record)) count(counts, file, of, offence);
  };
  try {
    for await (const lines of readLines(path.join(directory, file), unread, signal))
      for (const line of lines) take(reader.feed(line));
    take(reader.end());
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    gaps.push(
      gap(file, 'failed', (error as Error).message, 'Is the file whole, and readable for this user?'),
    );
  }
  for (const { record: of, ...offence } of judge.end()) count(counts, file, of, offence);
  const isForeign = records === 0 && reader.strays > 0 && gaps.length === 0;
  if (reader.strays > 0) gaps.push(otherForm(file, reader.strays, records));
  if (judge.unattributed > 0) gaps.push(ofNoProcess(file, judge.unattributed));
  for (const why of leftOut(reader, unread))
    gaps.push(gap(file, 'cut', why, 'Look at these lines yourself.'));
  return { records, isForeign, gaps };
}

const otherForm = (file: string, strays: number, records: number): Gap =>
  gap(
    file,
    records === 0 ? 'unsupported' : 'cut',
    records === 0
      ? `none of its ${strays} lines has the form of oslo.log`
      : `${strays} lines have another form`,
    'Give `format` what the configuration of the service has, or let it use the JSON formatter.',
  );

const NO_PROCESS = 'the processes of repeated notices in ';
/** Tells whether a gap is in notices alone, and in no other message of its file. */
export const isOfNotices = ({ what }: Pick<Gap, 'what'>): boolean => what.startsWith(NO_PROCESS);

const ofNoProcess = (file: string, notices: number): Gap =>
  gap(
    `${NO_PROCESS}${file}`,
    'cut',
    `${notices} repeated notices name no process: whether one process repeats them is not known`,
    'Keep `%(process)d` in `logging_context_format_string` and `logging_default_format_string`.',
  );

function leftOut(reader: RecordReader, unread: Unread): string[] {
  const whys: string[] = [];
  if (reader.dropped > 0) whys.push(`${reader.dropped} lines of very long messages were not kept`);
  if (unread.longLines > 0) whys.push(`${unread.longLines} lines were read to their 65,536th character only`);
  if (unread.tooLarge) whys.push('it unpacks to more than 1 GiB, and was read to there only');
  return whys;
}

/** A line of another format, of which only its secrets are known. */
const strayRecord = (message: string, line: number): LogRecord => ({
  at: '',
  pid: undefined,
  level: 'info',
  logger: '(another form)',
  requestId: undefined,
  globalRequestId: undefined,
  message,
  more: [],
  line,
});

function count(counts: Map<string, OffenceCount>, file: string, record: LogRecord, offence: Offence): void {
  // What leaked must not leak again through the report.
  const shape =
    offence.rule === 'secret-in-log'
      ? '(not shown)'
      : template(
          // A label only: a record without words is counted like any other.
          maskText(record.message.trim() || record.more.findLast((line) => line.trim() !== '') || '(empty)'),
        );
  const { rule, certainty, entry = '' } = offence;
  const key = [rule, certainty, entry, file, record.logger, shape].join('\n');
  const known = counts.get(key);
  if (known !== undefined) counts.set(key, { ...known, times: known.times + 1 });
  else if (counts.size < MOST_TEMPLATES) {
    const { logger, level, line, at } = record;
    counts.set(key, {
      ...offence,
      file,
      logger,
      level,
      template: shape,
      times: 1,
      firstLine: line,
      firstAt: at,
    });
  }
}

const MOST_TEMPLATES = 20_000;
