import { maskText, visible } from '@groundcrew/ground';
import {
  type Loose,
  objectIn,
  type OsloNotification,
  textIn,
  unversioned,
} from '@groundcrew/monitoring/events';
import { exceptionOf } from '../exception-of.ts';
import { type Level, levelOf } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import { classNamed, classOfRepr, exceptionOfRepr, linesOf, linesOfTraceback } from './python-exception.ts';

/** An error that a service told on the message bus, as a log has it. Secrets in it are masked, control characters shown. */
export interface ErrorRecord extends LogRecord {
  /** The message's own id: a message that is delivered twice has it twice. */
  readonly messageId: string;
  /** `compute_task.build_instances.error`, or `logrecord` for one that was logged. */
  readonly eventType: string;
  readonly userId: string | undefined;
  readonly projectId: string | undefined;
  /** The server that it is about. */
  readonly serverId: string | undefined;
}

/** What went wrong, as a notification tells it. */
interface Failure {
  readonly level: Level;
  readonly logger: string;
  readonly pid: string | undefined;
  /** `''`: it does not say. */
  readonly message: string;
  /** Further lines of the message, or the traceback, which ends with them. */
  readonly more: readonly string[];
}

/**
 * Makes a record of a notification, if it tells an error: by its priority, by the end of its event's name, or because it is a
 * message that was logged, at whatever level. `undefined`: it tells none.
 *
 * @param number - of the message among those of its source, from 1
 */
export function errorRecord(notification: OsloNotification, number: number): ErrorRecord | undefined {
  const { id, eventType, publisher, context, at = '', payload, isError } = notification;
  const body = unversioned(payload)?.body ?? payload;
  const sender = senderOf(publisher);
  const logged = eventType === LOGGED ? loggedIn(payload, sender.logger) : undefined;
  if (logged === undefined && !isError && !eventType.endsWith('.error')) return undefined;
  const { level, logger, pid, message, more } = logged ?? failureIn(body, sender.logger);
  const extra = logged === undefined ? undefined : objectIn(payload['extra']);
  const [own, global] = context.request_ids;
  const [first = '', ...further] = linesOf(
    maskText(message === '' ? `${eventType}: it tells no reason` : message),
  );
  return {
    at,
    pid,
    level,
    logger,
    requestId: idIn(own) ?? idIn(body['request_id']) ?? idIn(extra?.['request_id']),
    globalRequestId: idIn(global) ?? idIn(extra?.['global_request_id']),
    message: shown(first),
    more: (more.length > 0 ? linesOf(maskText(more.join('\n'))) : further).map(shown),
    format: 'notification',
    ...(publisher === '' ? {} : { source: shown(publisher) }),
    ...(sender.host === undefined ? {} : { host: sender.host }),
    line: number,
    messageId: shown(id),
    eventType: shown(eventType),
    userId: idIn(context.user_id) ?? idIn(body['user_id']),
    projectId: idIn(context.project_id) ?? idIn(body['tenant_id']) ?? idIn(body['project_id']),
    serverId: serverIn(body, eventType) ?? idIn(extra?.['instance_uuid']),
  };
}

/** `oslo_messaging/notify/logger.py`, `LoggingNotificationHandler`. */
const LOGGED = 'logrecord';

/** Characters of a line that are kept. */
const LONGEST_LINE = 65_536;

const shown = (text: string): string => visible(text.slice(0, LONGEST_LINE));

/** An id as services write it. Whatever else stands in its place is none. */
function idIn(value: unknown): string | undefined {
  const text = textIn(value);
  return text !== undefined && /^[\w.:@-]{1,255}$/.test(text) ? text : undefined;
}

/** The name of a logger as Python has it; whatever else stands in its place is none. */
function loggerIn(value: unknown): string | undefined {
  const text = textIn(value);
  return text !== undefined && /^[\w.$-]{1,250}$/.test(text) ? text : undefined;
}

/** The module that raised an exception. One that came over RPC was raised elsewhere, but seems to be oslo.messaging's. */
function raisedIn(value: unknown): string | undefined {
  const module = loggerIn(value);
  return module?.startsWith('oslo_messaging.') === true ? undefined : module;
}

/**
 * Who sent it: `nova-compute:compute-1` in the versioned format, `compute.compute-1` in the other. oslo.log's `publish_errors` is
 * always `error.publisher`, which is no host.
 */
function senderOf(publisher: string): { readonly logger: string; readonly host: string | undefined } {
  if (publisher === 'error.publisher') return { logger: publisher, host: undefined };
  const at = publisher.search(/[.:]/);
  const name = at === -1 ? publisher : publisher.slice(0, at);
  const host = at === -1 ? undefined : textIn(publisher.slice(at + 1));
  return {
    logger: loggerIn(name) ?? 'notification',
    host: host !== undefined && /^[\w.:-]{1,255}$/.test(host) ? host : undefined,
  };
}

/** The server of Nova's notifications: the versioned ones name it by its own id, the others in one of these fields. */
function serverIn(body: Loose, eventType: string): string | undefined {
  const args = objectIn(body['args']);
  return (
    idIn(body['instance_uuid']) ??
    idIn(body['instance_id']) ??
    (eventType.startsWith('instance.') ? idIn(body['uuid']) : undefined) ??
    idIn(args?.['instance_uuid']) ??
    idIn(objectIn(args?.['instance'])?.['uuid'])
  );
}

/** A message that was logged, as its handler sends it: all of it but the traceback. `undefined` if it is none. */
function loggedIn(payload: Loose, sender: string): Failure | undefined {
  const level = levelOf(textIn(payload['levelname']) ?? '');
  const said = payload['msg'];
  if (level === undefined || typeof said !== 'string') return undefined;
  const [type, value] = Array.isArray(payload['exc_info']) ? (payload['exc_info'] as unknown[]) : [];
  const name = typeof type === 'string' ? classOfRepr(type) : undefined;
  const text = typeof value === 'string' ? exceptionOfRepr(value)?.text : undefined;
  // As oslo.log writes it: the exception stands behind the message (`oslo_log/formatters.py`, `error_summary`).
  const summary = name === undefined ? undefined : summaryOf(name, text ?? '');
  return {
    level,
    logger: loggerIn(payload['name']) ?? sender,
    pid: idIn(payload['process']),
    message: summary === undefined ? said : `${said}: ${summary}`,
    more: [],
  };
}

/**
 * The exception that a service tells of. Nova's versioned notifications have an object of it, as their payload or in one of two
 * fields of it; the others its `repr`, and of Glance, Cinder and oslo.log's `publish_errors` there is a text alone.
 */
function failureIn(body: Loose, sender: string): Failure {
  const common = { level: 'error', pid: undefined } as const;
  const versioned = [body, objectIn(body['fault']), objectIn(body['reason'])].find(
    (told) => typeof told?.['exception_message'] === 'string',
  );
  if (versioned !== undefined) {
    const more = typeof versioned['traceback'] === 'string' ? linesOfTraceback(versioned['traceback']) : [];
    const name = classNamed(textIn(versioned['exception']) ?? '') ?? '';
    const whole = exceptionOf({ message: '', more });
    const [traced] = more;
    return {
      ...common,
      logger: raisedIn(versioned['module_name']) ?? sender,
      // A traceback ends with the class and its module, which is what a log has.
      message: summaryOf(
        name !== '' && whole?.endsWith(`.${name}`) === true ? whole : name,
        String(versioned['exception_message']),
      ),
      more: traced === undefined || traced === '' ? [] : more,
    };
  }
  const told = TEXTS.map((field) => textIn(body[field])).find((text) => text !== undefined);
  const exception = told === undefined ? undefined : exceptionOfRepr(told);
  return {
    ...common,
    logger: sender,
    message: exception === undefined ? (told ?? '') : summaryOf(exception.name, exception.text),
    more: [],
  };
}

/** The fields in which services say what went wrong, the most exact first. */
const TEXTS = ['exception', 'reason', 'error_message', 'last_error', 'message', 'error', 'fault'];

const summaryOf = (name: string, text: string): string =>
  name === '' || text === '' ? `${name}${text}` : `${name}: ${text}`;
