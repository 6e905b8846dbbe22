import type { Level } from './level.ts';
import { formOf } from './line-form.ts';
import { prefixLength } from './line-prefix.ts';
import { formattedHead } from './read/formatted-head.ts';
import type { OsloFormat } from './read/oslo-format.ts';
import { type Head, headOf } from './oslo-head.ts';
import type { LogFormat } from './read/log-format.ts';
import { goesOn, otherHead } from './read/other-formats.ts';
import { stripColour } from './strip-colour.ts';

/** One message of a log, with the lines that belong to it. */
export interface LogRecord {
  /** The time as written, `2026-11-23 03:13:00.264`: oslo.log writes local time without a zone. */
  readonly at: string;
  readonly pid: string | undefined;
  /** Output that came past the logging has none; Python's words on stderr count as an error, its warnings as a warning. */
  readonly level: Level;
  /** `stderr` for what came past the logging. */
  readonly logger: string;
  /** The id that the service gave the request, `req-…`. */
  readonly requestId: string | undefined;
  /** The id that the request of another service, or of a client, had: several requests share it. Since oslo.log 4.8. */
  readonly globalRequestId: string | undefined;
  /** The first line, without date, level and context. */
  readonly message: string;
  /** Further lines: of a traceback, a configuration text, … At most 2,000. */
  readonly more: readonly string[];
  /** The rest of the line, as text: the other fields of JSON, or a context that has more than ids and names. */
  readonly beside?: string;
  /** How it was written. */
  readonly format?: LogFormat;
  /** Where it was read: the file, the unit of a journal, or who sent a notification. */
  readonly source?: string;
  /** The machine that wrote it, where the source tells: a journal, a notification. */
  readonly host?: string;
  /** Number of the first line in its file, from 1. */
  readonly line: number;
}

/** The logger of records that came past the logging. */
export const STDERR = 'stderr';

/** Puts lines together into records. One of it a file; feed it every line in order, then `end()`. */
export class RecordReader {
  /** Lines that belong to no record: before the first, or of a form that is not known. */
  strays = 0;
  /** Lines of records longer than 2,000 lines, which are not kept. */
  dropped = 0;
  /** Where the lines are read that come next: of each record that begins in them it is the `source`. */
  source: string | undefined;
  #open: Head | undefined;
  #line = 0;
  /** The line before was of another format: what follows without a head belongs to it. */
  #lost = true;
  /** Lines have what a collector writes before them. */
  #prefixed = false;
  readonly #onStray: ((line: string, number: number) => void) | undefined;
  readonly #headOf: (line: string, number: number) => Head | undefined;

  /**
   * `onStray` gets every line that belongs to no record, and its number. `format` is what the service's own configuration makes of
   * lines; without it they are those of oslo.log's defaults, or its JSON.
   */
  constructor(onStray?: (line: string, number: number) => void, format?: OsloFormat) {
    this.#onStray = onStray;
    this.#headOf = format === undefined ? headOf : (line, number) => formattedHead(format, line, number);
  }

  /**
   * Takes one line; returns the record that it completes, if any.
   *
   * @param number - of the line in its file, if not all of the lines before were given
   */
  feed(text: string, number: number = this.#line + 1): LogRecord | undefined {
    this.#line = number;
    // Some files were written by programs that end lines as Windows does (loghub's OpenStack sample is one).
    const whole = stripColour(text.endsWith('\r') ? text.slice(0, -1) : text);
    const found = this.#headOf(whole, this.#line);
    if (found !== undefined) return this.#begin(found);
    const prefix = prefixLength(whole);
    const line = prefix === 0 ? whole : whole.slice(prefix);
    const head = prefix === 0 ? undefined : this.#headOf(line, this.#line);
    if (head !== undefined) {
      this.#prefixed = true;
      return this.#begin(head);
    }
    return this.#headless(this.#prefixed ? line : whole);
  }

  /** Whether a message is open, which further lines may belong to. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The last record. */
  end(): LogRecord | undefined {
    const done = this.#open;
    this.#open = undefined;
    return done;
  }

  #begin(head: Head): LogRecord | undefined {
    const open = this.#open;
    if (open !== undefined && continues(open, head)) {
      this.#keep(open, head.message);
      return undefined;
    }
    this.#lost = false;
    return this.#replace(head);
  }

  #headless(line: string): LogRecord | undefined {
    const open = this.#open;
    const form = formOf(line);
    const other = form === 'stderr' ? undefined : otherHead(line, this.#line);
    if (other !== undefined) {
      this.#lost = !goesOn(other.format);
      return this.#replace(other);
    }
    if (form === 'foreign') {
      this.#lost = true;
      this.#stray(line);
      return this.end();
    }
    if (form === 'stderr' || (line.startsWith('Traceback (most recent call last)') && !awaits(open))) {
      this.#lost = false;
      return this.#replace(pastLogging(line, this.#line));
    }
    if (open === undefined || this.#lost) this.#stray(line);
    else this.#keep(open, line);
    return undefined;
  }

  #replace(draft: Head): LogRecord | undefined {
    const done = this.#open;
    this.#open = this.source === undefined ? draft : { ...draft, source: this.source };
    return done;
  }

  #keep(open: Head, line: string): void {
    if (open.more.length < MOST_LINES) open.more.push(line);
    else {
      // The last line of a traceback tells the exception.
      open.more[MOST_LINES - 1] = line;
      this.dropped += 1;
    }
  }

  #stray(line: string): void {
    if (line.trim() === '') return;
    this.strays += 1;
    this.#onStray?.(line, this.#line);
  }
}

const MOST_LINES = 2000;

/**
 * oslo.log repeats the head, without context, on every line of a traceback; its `logging_exception_prefix` says ERROR
 * whatever the level of the message is (oslo_log/_options.py), and said TRACE up to Kilo.
 */
function continues(open: Head, head: Head): boolean {
  if (!head.bare || open.at !== head.at || open.pid !== head.pid || open.logger !== head.logger) return false;
  if (open.level === head.level) return true;
  if (head.level !== 'error' && head.level !== 'trace') return false;
  // An exception that was raised outside of Python's code, as uWSGI's, has no traceback: its first line is the exception. In the
  // format that gave the message its context, no message of its own lacks one.
  return !open.bare || head.message.startsWith('Traceback') || open.more.some(isTraceback);
}

const isTraceback = (line: string): boolean => line.startsWith('Traceback');

/**
 * Tells whether a traceback without a head belongs to the message before it: an error's, where the prefix of tracebacks is
 * empty, one inside another (`During handling of …`), or a message that ends as if something followed.
 */
function awaits(open: Head | undefined): boolean {
  if (open === undefined) return false;
  if (open.level === 'error' || open.level === 'critical') return true;
  return open.more.some(isTraceback) || /[:(]\s*$|^\s*$/.test(open.more.at(-1) ?? open.message);
}

const pastLogging = (message: string, line: number): Head => ({
  at: '',
  pid: undefined,
  level: /^\S+\.py:\d+: \w*Warning: /.test(message) ? 'warning' : 'error',
  logger: STDERR,
  requestId: undefined,
  globalRequestId: undefined,
  message,
  more: [],
  line,
  bare: false,
  format: 'stderr',
});
