import { type Level, levelOf } from './level.ts';

/** The first line of a message, taken apart. */
export interface Head {
  readonly at: string;
  readonly pid: string | undefined;
  readonly level: Level;
  readonly logger: string;
  readonly requestId: string | undefined;
  readonly message: string;
  readonly more: string[];
  /** Number of the line in its file. */
  readonly line: number;
  /** It has no context of a request, as the lines of a traceback. */
  readonly bare: boolean;
}

/** `2026-11-23 03:13:00.264 10924 INFO cinder.rpc [None req-… user project - - -] message`, without the message: what it is does not matter. */
const OSLO =
  /^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?) (?:(\d+) )?([A-Z]+) ([\w.$-]+)(?: \[([^\]]*)\])?(?: |$)/;

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
    requestId: requestIdIn(context),
    message: line.slice(head.length),
    more: [],
    line: number,
    // `logging_exception_prefix` (oslo_log/_options.py) has no context, but the instance.
    bare: context === undefined || context.startsWith('instance: '),
  };
}

/** oslo.log's JSONFormatter: one object a line. */
function jsonHead(line: string, number: number): Head | undefined {
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
    requestId: text((context as Record<string, unknown> | null | undefined)?.['request_id']),
    message,
    more: typeof traceback === 'string' ? traceback.split('\n') : [],
    line: number,
    bare: false,
  };
}

/** Since oslo.log 4.8 the global id comes first (`[None req-… …]` where there is none): the last is the own one. */
function requestIdIn(context: string | undefined): string | undefined {
  if (context === undefined) return undefined;
  // From the end, since only the last counts: it is looked for in every line.
  for (let at = context.lastIndexOf('req-'); at !== -1; at = context.lastIndexOf('req-', at - 1)) {
    REQUEST_ID.lastIndex = at;
    if (REQUEST_ID.test(context)) return context.slice(at, REQUEST_ID.lastIndex);
    if (at === 0) break;
  }
  return undefined;
}

const REQUEST_ID = /req-[0-9a-f-]{36}/y;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
