import { type Level, levelOf } from './level.ts';

/** One message of a log, with the lines that belong to it. */
export interface LogRecord {
  /** As written, `2026-11-23 03:13:00.264`: oslo.log writes local time without a zone. */
  readonly at: string;
  readonly pid: string | undefined;
  readonly level: Level;
  readonly logger: string;
  readonly requestId: string | undefined;
  /** The first line, without date, level and context. */
  readonly message: string;
  /** Further lines: of a traceback, a configuration text, … */
  readonly more: readonly string[];
  /** Number of the first line in its file, from 1. */
  readonly line: number;
}

/** Puts lines together into records. One of it a file; feed it every line in order, then `end()`. */
export class RecordReader {
  /** Lines that belong to no record: before the first, or of a form that is not known. */
  strays = 0;
  #open: Draft | undefined;
  #line = 0;

  /** Takes one line; returns the record that it completes, if any. */
  feed(text: string): LogRecord | undefined {
    this.#line += 1;
    // Some files were written by programs that end lines as Windows does (loghub's OpenStack sample is one).
    const line = stripColour(text.endsWith('\r') ? text.slice(0, -1) : text);
    const head = headOf(line, this.#line);
    if (head === undefined) {
      if (this.#open === undefined) this.strays += line.trim() === '' ? 0 : 1;
      else this.#open.more.push(line);
      return undefined;
    }
    // oslo.log repeats the head, without context, on every line of a traceback.
    if (this.#open !== undefined && head.bare && continues(this.#open, head)) {
      this.#open.more.push(head.message);
      return undefined;
    }
    const done = this.#open;
    this.#open = head;
    return done;
  }

  /** The last record. */
  end(): LogRecord | undefined {
    const done = this.#open;
    this.#open = undefined;
    return done;
  }
}

interface Draft extends LogRecord {
  readonly more: string[];
  /** It has no context block. */
  readonly bare: boolean;
}

/** `2026-11-23 03:13:00.264 10924 INFO cinder.rpc [None req-… user project - - -] message` */
const OSLO =
  /^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?) (?:(\d+) )?([A-Z]+) ([\w.$-]+)(?: \[([^\]]*)\])?(?: (.*))?$/;

function headOf(line: string, number: number): Draft | undefined {
  if (line.charCodeAt(0) === 123 /* { */) return jsonHead(line, number);
  const match = OSLO.exec(line);
  if (match === null) return undefined;
  const [, at = '', pid, name = '', logger = '', context, message = ''] = match;
  const level = levelOf(name);
  if (level === undefined) return undefined;
  return {
    at,
    pid,
    level,
    logger,
    requestId: requestIdIn(context),
    message,
    more: [],
    line: number,
    bare: context === undefined,
  };
}

/** oslo.log's JSONFormatter: one object a line. */
function jsonHead(line: string, number: number): Draft | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const level = levelOf(text(fields['levelname']) ?? '');
  const message = text(fields['message']);
  if (level === undefined || message === undefined) return undefined;
  const context = fields['context'];
  const traceback = fields['traceback'];
  return {
    at: text(fields['asctime']) ?? '',
    pid: typeof fields['process'] === 'number' ? String(fields['process']) : text(fields['process']),
    level,
    logger: text(fields['name']) ?? '',
    requestId: text((context as Record<string, unknown> | undefined)?.['request_id']),
    message,
    more: typeof traceback === 'string' ? traceback.split('\n') : [],
    line: number,
    bare: false,
  };
}

const continues = (open: Draft, head: Draft): boolean =>
  open.at === head.at && open.pid === head.pid && open.level === head.level && open.logger === head.logger;

/** Since oslo.log 4.8 the global id comes first (`[None req-… …]` where there is none): the last is the own one. */
const requestIdIn = (context: string | undefined): string | undefined =>
  context?.match(/req-[0-9a-f-]{36}/g)?.at(-1);

// eslint-disable-next-line no-control-regex -- terminal colours are control characters
const COLOUR = /\u001B\[[\d;]*m/g;
const stripColour = (line: string): string => (line.includes('\u001B') ? line.replace(COLOUR, '') : line);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
