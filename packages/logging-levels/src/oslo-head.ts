import { type Level, levelOf } from './level.ts';
import { besideOf } from './read/unusual-context.ts';
import type { LogFormat } from './read/log-format.ts';
import { safeLogger } from './read/safe-logger.ts';

/** The first line of a message, taken apart. */
export interface Head {
  readonly at: string;
  readonly pid: string | undefined;
  readonly level: Level;
  readonly logger: string;
  readonly requestId: string | undefined;
  readonly globalRequestId: string | undefined;
  readonly message: string;
  readonly more: string[];
  /** Number of the line in its file. */
  readonly line: number;
  /** The rest of the line, where a secret may be too: the fields of JSON, an unusual context. */
  readonly beside?: string;
  /** It has no context of a request, as the lines of a traceback. */
  readonly bare: boolean;
  readonly format: LogFormat;
  readonly source?: string;
}

/**
 * `2026-11-23 03:13:00.264 10924 INFO cinder.rpc [None req-… user project - - -] message`, without the message: what it is
 * does not matter. A context begins with `-`, with the id of a request, or with `None` where a global id is none; a line of a
 * traceback may begin with another bracket (`[SQL: …]`, `[parameters: …]`, `[Errno 2] …`).
 */
const OSLO =
  /^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?) (?:(\d+) )?([A-Z]+) ([\w.$-]+)(?: \[((?:-|None)(?: [^\]]*)?|(?:req-|instance: )[^\]]*)\])?(?: |$)/;

/** The head of a line in oslo.log's default format or its JSON; `undefined` if it has none. */
export function headOf(line: string, number: number): Head | undefined {
  if (line.charCodeAt(0) === 123 /* { */) return jsonHead(line, number);
  const match = OSLO.exec(line);
  if (match === null) return undefined;
  const [head, at = '', pid, name = '', logger = '', context] = match;
  const level = levelOf(name);
  if (level === undefined) return undefined;
  return {
    at,
    pid,
    level,
    logger,
    ...requestIdsIn(context),
    message: line.slice(head.length),
    more: [],
    line: number,
    // `logging_exception_prefix` (oslo_log/_options.py) has no context, but the instance.
    bare: context === undefined || context.startsWith('instance: '),
    ...besideOf(context),
    format: 'oslo',
  };
}

/**
 * oslo.log's JSONFormatter (`oslo_log/formatters.py`): one object a line, which has all of these fields always. What lacks
 * one of them is another formatter's.
 */
export function jsonHead(line: string, number: number): Head | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  // `''` is the name of no level.
  const level = levelOf(text(fields['levelname']) ?? '');
  const message = text(fields['message']);
  const at = text(fields['asctime']);
  const logger = text(fields['name']);
  const more = tracebackOf(fields['traceback']);
  if (level === undefined || message === undefined || at === undefined || logger === undefined)
    return undefined;
  if (more === undefined) return undefined;
  const ids = fields['context'] as Record<string, unknown> | null | undefined;
  return {
    at,
    pid: typeof fields['process'] === 'number' ? String(fields['process']) : text(fields['process']),
    level,
    logger: safeLogger(logger),
    requestId: text(ids?.['request_id']),
    globalRequestId: text(ids?.['global_request_id']),
    message,
    more,
    line: number,
    beside: line,
    bare: false,
    format: 'oslo-json',
  };
}

/** `formatException` gives a list of lines, and `null` stands for none; text is what collectors make of the list. */
function tracebackOf(value: unknown): string[] | undefined {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string') return value.split('\n');
  return Array.isArray(value) && value.every((line) => typeof line === 'string') ? value : undefined;
}

/**
 * The ids of a context. Since oslo.log 4.8 the global id comes first (`None` where there is none), and the request's own is
 * second (`logging_user_identity_format` follows): of two ids at the beginning the last is the own one.
 */
export function requestIdsIn(context: string | undefined): Pick<Head, 'requestId' | 'globalRequestId'> {
  if (context === undefined) return { requestId: undefined, globalRequestId: undefined };
  return { requestId: lastRequestId(context), globalRequestId: GLOBAL_ID.exec(context)?.[0] };
}

function lastRequestId(context: string): string | undefined {
  // From the end, since only the last counts: it is looked for in every line.
  for (let at = context.lastIndexOf('req-'); at !== -1; at = context.lastIndexOf('req-', at - 1)) {
    REQUEST_ID.lastIndex = at;
    if (REQUEST_ID.test(context)) return context.slice(at, REQUEST_ID.lastIndex);
    if (at === 0) break;
  }
  return undefined;
}

const REQUEST_ID = /req-[0-9a-f-]{36}/y;
const GLOBAL_ID = /^req-[0-9a-f-]{36}(?= req-)/;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
