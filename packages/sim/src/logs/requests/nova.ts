import type { ServiceFault } from '../../fault.ts';
import type { LogContext } from '../log-entry.ts';
import { CONTROLLER, type LogProcessName, type ServiceLogs } from '../service-logs.ts';
import {
  bodyBytes,
  CLIENT,
  contextAt,
  isByPolicy,
  refusalText,
  type RequestTelling,
  secondsOf,
} from './told-request.ts';
import { summaryOf, uncaughtOf } from './uncaught.ts';

export const NOVA_API: LogProcessName = { service: 'nova-api', host: CONTROLLER };

/**
 * Nova's API, in uWSGI or Apache: its own request log (`nova/api/openstack/requestlog.py`), which is silent in eventlet's server, and what
 * its resources tell of a refusal (`ResourceExceptionHandler` of `nova/api/openstack/wsgi.py`).
 */
export const novaTelling: RequestTelling = {
  end: (told, { answer, fault }) => {
    const { logs } = told.state;
    const context = contextAt(told, answer.status);
    if (fault !== undefined && told.isKnown) tellFault(logs, context, fault);
    const version = told.isKnown && told.operation !== 'versions' ? told.microversion : undefined;
    const bytes = bodyBytes(answer, told.method);
    logs.write(NOVA_API, {
      level: 'INFO',
      logger: 'nova.api.openstack.requestlog',
      context,
      message: `${CLIENT} "${told.method} ${quoted(told.path)}${told.query}" status: ${answer.status} len: ${bytes} microversion: ${version ?? '-'} time: ${secondsOf(told).toFixed(6)}`,
    });
  },
};

function tellFault(logs: ServiceLogs, context: LogContext, fault: ServiceFault): void {
  if (fault.status === 500) {
    const uncaught = uncaughtOf(fault, {
      file: 'nova/api/openstack/wsgi.py',
      line: 658,
      name: 'wrapped',
      code: 'return f(*args, **kwargs)',
    });
    logs.write(NOVA_API, {
      level: 'ERROR',
      logger: 'nova.api.openstack.wsgi',
      context,
      message: `Unexpected exception in API method: ${summaryOf(uncaught)}`,
      traceback: uncaught.traceback,
    });
  }
  if (!isThrown(fault)) return;
  logs.write(NOVA_API, {
    level: 'INFO',
    logger: 'nova.api.openstack.wsgi',
    context,
    message: `HTTP exception thrown: ${refusalText(fault)}`,
  });
}

/**
 * Whether a refusal is an exception of WebOb, which is told. A policy's, a schema's, and that of a version that there is not are Nova's own
 * exceptions, which are turned into answers without a word.
 */
const isThrown = (fault: ServiceFault): boolean =>
  !isByPolicy(fault) && fault.status !== 401 && fault.status !== 406 && !SILENT.test(fault.message);

const SILENT =
  /^Invalid input for |^API Version String |^Malformed request body$|^There is no such action: |^The resource could not be found\.$|is a required property$/;

/** Python's `urllib.parse.quote` of the path as the server decodes it. */
function quoted(path: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return path;
  }
  return encodeURIComponent(decoded)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
