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
  /** It has no context of a request, as the lines of a traceback. */
  readonly bare: boolean;
}

/** `2026-11-23 03:13:00.264 10924 INFO cinder.rpc [None req-… user project - - -] message` */
const OSLO =
  /^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?) (?:(\d+) )?([A-Z]+) ([\w.$-]+)(?: \[([^\]]*)\])?(?: (.*))?$/;

/** The head of a line in oslo.log's default format or its JSON; `undefined` if it has none. */
export function headOf(line: string): Head | undefined {
  if (line.charCodeAt(0) === 123 /* { */) return jsonHead(line);
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
    // `logging_exception_prefix` (oslo_log/_options.py) has no context, but the instance.
    bare: context === undefined || context.startsWith('instance: '),
  };
}

/** oslo.log's JSONFormatter: one object a line. */
function jsonHead(line: string): Head | undefined {
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
    bare: false,
  };
}

/** Since oslo.log 4.8 the global id comes first (`[None req-… …]` where there is none): the last is the own one. */
const requestIdIn = (context: string | undefined): string | undefined =>
  context?.match(/req-[0-9a-f-]{36}/g)?.at(-1);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
