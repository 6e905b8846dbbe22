import { aFunction, aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Gap, Observed } from '@groundcrew/core';
import { z } from 'zod';
import type { Level } from './level.ts';
import { gap, logFiles } from './log-files.ts';
import { observeFile, type Tallies } from './observe/observe-file.ts';
import { MOST_OFFENCES, type OffenceCount, OffenceCounts } from './observe/offence-counts.ts';
import type { LogFormat } from './read/log-format.ts';
import { anOsloFormat, osloFormat, type OsloFormatOptions } from './read/oslo-format.ts';
import { Templates } from './templates/store.ts';

export interface LogSnapshot {
  readonly directory: string;
  readonly files: number;
  /** Files of which no line has the form of oslo.log: they are judged for secrets only. */
  readonly foreign: readonly string[];
  /** Messages of OpenStack's services, and what came past their logging. */
  readonly records: number;
  /** Of these. */
  readonly byLevel: Readonly<Record<Level, number>>;
  /** How many messages there are of each format, those of other programs too: they are judged for secrets only. */
  readonly formats: Readonly<Partial<Record<LogFormat, number>>>;
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
  /** Counts all messages by their template on the way, for the noise budget and for `whatIsNew`. @default none are counted */
  readonly templates?: Templates | undefined;
}

const observeOptions = optionsSchema<ObserveLogsOptions>({
  signal: aSignal.optional(),
  now: aFunction.optional(),
  format: anOsloFormat.optional(),
  templates: z.instanceof(Templates).optional(),
});

/**
 * Reads the logs of a directory and counts what is at the wrong level. Files are streamed: memory grows with the
 * number of different messages, not with the size of the logs or of a line.
 *
 * `*.log`, `*.out` and `*.err` are read, rotated and packed by gzip too. A file of which no line has the form of
 * oslo.log (or its JSON) is in `foreign`; if no other program's form is known either, it is a gap. So is whatever could not be
 * read wholly. Secrets are looked for in every line.
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
  const offences = new OffenceCounts();
  const byLevel = { critical: 0, error: 0, warning: 0, info: 0, debug: 0, trace: 0 };
  const formats: Partial<Record<LogFormat, number>> = {};
  const tallies: Tallies = { offences, byLevel, formats, templates: options.templates };
  const foreign: string[] = [];
  let records = 0;
  const found = await logFiles(directory);
  const gaps: Gap[] = [...found.gaps];
  for (const file of found.files) {
    options.signal?.throwIfAborted();
    const look = await observeFile({ directory, file, format, signal: options.signal }, tallies);
    records += look.records;
    gaps.push(...look.gaps);
    if (look.isForeign) foreign.push(file);
  }
  if (found.files.length === 0)
    gaps.push(gap(directory, 'unsupported', 'no log file is in it', 'Name the directory of a service.'));
  if (offences.isFull)
    gaps.push(gap(directory, 'cut', `more than ${MOST_OFFENCES} kinds of messages`, 'Name fewer logs.'));
  return {
    value: {
      directory,
      files: found.files.length,
      foreign,
      records,
      byLevel,
      formats,
      offences: offences.values(),
    },
    at,
    source: directory,
    completeness: gaps.length === 0 ? 'complete' : records > 0 ? 'partial' : 'unsupported',
    gaps,
  };
}
