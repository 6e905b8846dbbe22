import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ConfigError, type Gap, type Observed } from '@groundcrew/core';
import type { Level } from './level.ts';
import { RecordReader, type LogRecord } from './parse.ts';
import { Judge, type RuleId } from './rules.ts';
import { template } from './template.ts';

/** What one kind of message did wrong in one file. */
export interface OffenceCount {
  readonly rule: RuleId;
  readonly file: string;
  readonly logger: string;
  readonly level: Level;
  readonly wanted: Level | undefined;
  /** The message without what varies. */
  readonly template: string;
  readonly times: number;
  /** Where it is seen first: a line, and its time as written. */
  readonly firstLine: number;
  readonly firstAt: string;
}

export interface LogSnapshot {
  readonly directory: string;
  readonly files: number;
  readonly records: number;
  readonly byLevel: Readonly<Record<Level, number>>;
  readonly offences: readonly OffenceCount[];
}

export interface ObserveLogsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: (() => number) | undefined;
}

/**
 * Reads the logs of a directory and counts what is at the wrong level. Files are streamed: memory grows with the
 * number of different messages, not with the size of the logs.
 *
 * Of `*.log` files, those of which no line has the form of oslo.log (or its JSON) are a gap.
 *
 * @throws ConfigError if the directory cannot be read
 * @example const logs = await observe('/var/log/nova');
 */
export async function observe(
  directory: string,
  options: ObserveLogsOptions = {},
): Promise<Observed<LogSnapshot>> {
  const at = new Date((options.now ?? Date.now)()).toISOString();
  const counts = new Map<string, OffenceCount>();
  const byLevel = { critical: 0, error: 0, warning: 0, info: 0, debug: 0, trace: 0 };
  const gaps: Gap[] = [];
  let records = 0;
  const files = await logFiles(directory);
  for (const file of files) {
    options.signal?.throwIfAborted();
    const reader = new RecordReader();
    const judge = new Judge();
    let seen = 0;
    const take = (record: LogRecord | undefined): void => {
      if (record === undefined) return;
      seen += 1;
      byLevel[record.level] += 1;
      for (const offence of judge.judge(record)) count(counts, file, record, offence.rule, offence.wanted);
    };
    try {
      for await (const line of lines(path.join(directory, file), options.signal)) take(reader.feed(line));
      take(reader.end());
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      gaps.push(gap(file, 'failed', (error as Error).message, 'Is the file readable for this user?'));
    }
    records += seen;
    if (reader.strays > 0) {
      const whole = seen === 0;
      gaps.push(
        gap(
          file,
          whole ? 'unsupported' : 'cut',
          whole ? 'no line has the form of oslo.log' : `${reader.strays} lines have another form`,
          'Set `logging_context_format_string` to its default, or use the JSON formatter.',
        ),
      );
    }
  }
  if (files.length === 0)
    gaps.push(gap(directory, 'unsupported', 'no `*.log` file is in it', 'Name the directory of a service.'));
  return {
    value: {
      directory,
      files: files.length,
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

async function logFiles(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory, { recursive: true });
    return names.filter((name) => name.endsWith('.log')).toSorted();
  } catch (cause) {
    throw new ConfigError(`${directory}: cannot be read`, {
      file: directory,
      cause,
      remedy: 'Is it a directory, and readable for this user?',
    });
  }
}

async function* lines(file: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const stream = createReadStream(file, { encoding: 'utf8', ...(signal === undefined ? {} : { signal }) });
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity });
  } finally {
    stream.destroy();
  }
}

function count(
  counts: Map<string, OffenceCount>,
  file: string,
  record: LogRecord,
  rule: RuleId,
  wanted: Level | undefined,
): void {
  // What leaked must not leak again through the report.
  const shape =
    rule === 'secret-in-log'
      ? '(not shown)'
      : template(record.message.trim() || record.more.findLast((one) => one.trim() !== '') || '(empty)');
  const key = [rule, file, record.logger, shape].join('\n');
  const known = counts.get(key);
  if (known !== undefined) counts.set(key, { ...known, times: known.times + 1 });
  else if (counts.size < MOST_TEMPLATES) {
    const { logger, level, line, at } = record;
    counts.set(key, {
      rule,
      file,
      logger,
      level,
      wanted,
      template: shape,
      times: 1,
      firstLine: line,
      firstAt: at,
    });
  }
}

const gap = (what: string, kind: Gap['kind'], why: string, remedy: string): Gap => ({
  what,
  kind,
  why,
  remedy,
  requestIds: [],
});

const MOST_TEMPLATES = 20_000;
