import { CONTROLLER, type LogProcessName } from '../service-logs.ts';
import { answerBytes, CLIENT, contextAt, type RequestTelling, secondsOf } from './told-request.ts';
import { summaryOf, uncaughtOf } from './uncaught.ts';

const GLANCE_API: LogProcessName = { service: 'glance-api', host: CONTROLLER };

/** Glance: eventlet's access log in its own form, an image that is not there to be deleted, and an error that it did not expect. */
export const glanceTelling: RequestTelling = {
  end: (told, { answer, fault }) => {
    const { logs, clock } = told.state;
    const context = contextAt(told, answer.status);
    const missing =
      fault?.status === 404 && told.method === 'DELETE' ? DELETED.exec(told.path)?.[1] : undefined;
    if (missing !== undefined) {
      logs.write(GLANCE_API, {
        level: 'WARNING',
        logger: 'glance.api.v2.images',
        context,
        message: `Failed to find image ${missing} to delete: glance.common.exception.ImageNotFound: No image found with ID ${missing}`,
      });
    }
    if (fault?.status === 500) {
      const uncaught = uncaughtOf(fault, {
        file: 'glance/common/wsgi.py',
        line: 1329,
        name: 'dispatch',
        code: 'return method(*args, **kwargs)',
      });
      logs.write(GLANCE_API, {
        level: 'ERROR',
        logger: 'glance.common.wsgi',
        context,
        message: `Caught error: ${uncaught.message}: ${summaryOf(uncaught)}`,
        traceback: uncaught.traceback,
      });
    }
    logs.write(GLANCE_API, {
      level: 'INFO',
      logger: 'eventlet.wsgi.server',
      // The document of versions needs no context, and has none.
      context: told.operation === 'versions' ? undefined : context,
      message: `${CLIENT} - - [${day(clock.now())}] "${told.method} ${told.path}${told.query} HTTP/1.1" ${answer.status} ${answerBytes(answer, told.method)} ${secondsOf(told).toFixed(6)}`,
    });
  },
};

/** An id as the client's address has it: what acts in a terminal is encoded there. */
const DELETED = /^\/v2\/images\/([^/]+)$/;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const pad = (value: number): string => String(value).padStart(2, '0');

/** `29/Nov/2026 21:27:16` */
function day(ms: number): string {
  const date = new Date(ms);
  return `${pad(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)}`;
}

/**
 * The id of a request to Glance: its client's, if that sent one, where the other services have their own beside it
 * (`glance/api/middleware/context.py`).
 */
export function ownRequestId({ headers }: Pick<Request, 'headers'>, given: string): string {
  const sent = headers.get('X-OpenStack-Request-ID');
  if (sent === null || !/^[\w-]{1,64}$/.test(sent)) return given;
  return sent.startsWith('req-') ? sent : `req-${sent}`;
}
