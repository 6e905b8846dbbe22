import { type Level, levelOf } from '../level.ts';
import { levelOfNumber } from '../level-schemes.ts';
import { type LogRecord, RecordReader } from '../parse.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { OsloFormat } from './oslo-format.ts';
import { safeLogger } from './safe-logger.ts';

/**
 * The messages of a journal. A service that writes to its standard output has an entry for each line: the lines of one process are
 * put together as those of a file are. What has no form of its own has journald's fields.
 *
 * The time is journald's, in UTC.
 *
 * @param name - the `source` of what names no unit
 */
export async function* recordsOfEntries(
  entries: AsyncIterable<JournalEntry>,
  name: string,
): AsyncGenerator<LogRecord> {
  const processes = new Map<string, JournalProcess>();
  for await (const entry of entries) {
    const key = processKey(entry);
    let process = processes.get(key);
    if (process === undefined) {
      if (processes.size >= MOST_PROCESSES) yield* closeOldest(processes);
      process = new JournalProcess(entry, name);
      processes.set(key, process);
    }
    yield* process.take(entry);
  }
  for (const process of processes.values()) yield* process.end();
}

/** Processes whose last message may go on. One that says nothing for as many others has ended. */
export const MOST_PROCESSES = 1_000;

function* closeOldest(processes: Map<string, JournalProcess>): Generator<LogRecord> {
  const [oldest] = processes;
  if (oldest === undefined) return;
  processes.delete(oldest[0]);
  yield* oldest[1].end();
}

/** Which process wrote an entry: a journal may hold those of several hosts, whose processes have the same numbers. */
export const processKey = (entry: JournalEntry): string =>
  `${entry.get('_HOSTNAME') ?? ''} ${unitOf(entry)} ${entry.get('_PID') ?? ''}`;

const unitOf = (entry: JournalEntry): string =>
  entry.get('_SYSTEMD_UNIT') ?? entry.get('SYSLOG_IDENTIFIER') ?? '';

/** What one process wrote. */
export class JournalProcess {
  readonly #unit: string;
  readonly #host: { readonly host?: string };
  readonly #reader: RecordReader;
  #strays: string[] = [];
  #openAt = '';
  #lines = 0;

  /**
   * @param entry - its first one, which says whose it is
   * @param name - the `source` of what names no unit
   * @param format - of the service's lines
   */
  constructor(entry: JournalEntry, name: string, format?: OsloFormat) {
    const unit = unitOf(entry);
    this.#unit = unit === '' ? name : unit.replace(/\.service$/, '');
    const host = entry.get('_HOSTNAME');
    this.#host = host === undefined ? {} : { host };
    this.#reader = new RecordReader((line) => this.#strays.push(line), format);
    this.#reader.source = this.#unit;
  }

  /** Whether a message is open, which its next entry may belong to. */
  get isOpen(): boolean {
    return this.#reader.isOpen;
  }

  *take(entry: JournalEntry): Generator<LogRecord> {
    const at = timeOf(entry);
    for (const line of (entry.get('MESSAGE') ?? '').split('\n', MOST_LINES)) {
      this.#lines += 1;
      const wasOpen = this.#reader.isOpen;
      const done = this.#reader.feed(line, this.#lines);
      if (done !== undefined) yield { ...done, at: this.#openAt, ...this.#host };
      if (done !== undefined || !wasOpen) this.#openAt = at;
    }
    // oslo.log's own handler sends a message as a whole, and a line without a form is one of its own.
    if (entry.has('LOGGER_NAME') || this.#strays.length > 0) yield* this.end();
    if (this.#strays.length > 0) yield this.#plain(entry, at);
    this.#strays = [];
  }

  *end(): Generator<LogRecord> {
    const done = this.#reader.end();
    if (done !== undefined) yield { ...done, at: this.#openAt, ...this.#host };
  }

  #plain(entry: JournalEntry, at: string): LogRecord {
    const [message = '', ...more] = this.#strays;
    return {
      at,
      pid: entry.get('_PID'),
      level: levelIn(entry),
      logger: safeLogger(entry.get('LOGGER_NAME') ?? entry.get('SYSLOG_IDENTIFIER') ?? this.#unit),
      requestId: entry.get('REQUEST_ID'),
      globalRequestId: undefined,
      message,
      more: [...more, ...(entry.get('EXCEPTION_TEXT')?.split('\n', MOST_LINES) ?? [])],
      line: this.#lines,
      format: 'journal',
      source: this.#unit,
      ...this.#host,
    };
  }
}

const MOST_LINES = 2_000;

/** Microseconds since 1970, as ISO 8601 has them. */
function timeOf(entry: JournalEntry): string {
  const micros = entry.get('__REALTIME_TIMESTAMP') ?? '';
  const ms = Number(micros.slice(0, -3));
  if (!/^\d{4,17}$/.test(micros)) return '';
  return `${new Date(ms).toISOString().slice(0, -1)}${micros.slice(-3)}Z`;
}

/** oslo.log names it; otherwise it is syslog's number, and journald's default is info. */
const levelIn = (entry: JournalEntry): Level =>
  levelOf(entry.get('LOGGER_LEVEL') ?? '') ??
  levelOfNumber(Number(entry.get('PRIORITY') ?? 6), 'syslog') ??
  'info';
