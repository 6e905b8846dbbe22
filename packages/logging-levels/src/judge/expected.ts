import { exceptionOf } from '../exception-of.ts';
import type { LogRecord } from '../parse.ts';

/**
 * A fault of a client's request, or a thing that it asked for and that is not there. With a traceback it may be an answer of
 * 4xx that went through a handler for defects: the last line of the traceback tells.
 *
 * Only where a client may be at fault: in an API, and not of another service's answer, since a service whose own password is
 * refused, or that asks for what is gone, is for the administrator; and not where the API itself says that it answers 500.
 */
export function isExpected(record: LogRecord): boolean {
  if (!API.test(record.logger) || FOR_500.has(record.logger)) return false;
  const last = lastLine(record.more);
  if (OTHERS_ANSWER.test(record.message) || OTHERS_ANSWER.test(last)) return false;
  if (ANSWERED_500.test(record.message) || ANSWERED_500.test(exceptionOf(record) ?? '')) return false;
  return EXPECTED.test(record.message) || EXPECTED.test(last);
}

/** Without further lines the message alone tells: `''` matches no pattern. */
const lastLine = (lines: readonly string[]): string => lines.findLast((line) => line.trim() !== '') ?? '';

/** `nova.api.openstack.wsgi`, `neutron.api.v2.resource`, `keystone.server.flask.application`, `keystone.common.wsgi`. */
const API = /(?:^|[._])(?:api|wsgi|flask)(?:[._]|$)/;

/** Exceptions of the clients by which services ask each other. */
const OTHERS_ANSWER = /keystoneauth1?\.|\b\w+client\.|openstack\.exceptions|keystonemiddleware/;

/** Loggers whose errors are answers of 500 only: what is a client's they log at info, or not at all. */
const FOR_500: ReadonlySet<string> = new Set([
  'glance.common.wsgi',
  'neutron.api.v2.resource',
  'neutron.pecan_wsgi.hooks.translation',
]);

/** What nova/api/openstack/wsgi.py answers with 500, and Keystone's exceptions that are an `UnexpectedError`. */
const ANSWERED_500 =
  /^Unexpected exception in API method|^Unexpected API Error|keystone\.exception\.(?:ConfigFileNotFound|KeysNotFound)$/;

/** Python exceptions of 4xx (`ForbiddenAction` is Keystone's 403), and the words that services use for what is not there. */
const EXPECTED =
  /\b\w*(?:NotFound|Forbidden|Unauthorized|Conflict|AlreadyExists|BadRequest|QuotaExceeded|OverQuota|ValidationError|InvalidInput)(?:Action|Exception|Error)?\b|could not be found|not authorized to perform the requested action|does not exist|client error 4\d\d|HTTP 4\d\d/i;
