import { visible } from '@groundcrew/ground';
import type { ServiceFault } from '../../fault.ts';
import { CONTROLLER, type LogProcessName } from '../service-logs.ts';
import { anonymous, CLIENT, isByPolicy, type RequestTelling } from './told-request.ts';

const KEYSTONE: LogProcessName = { service: 'keystone', host: CONTROLLER };
const LOGGER = 'keystone.server.flask.application';

/**
 * Keystone has no access log of its own: its server writes that. It tells each refusal: one for want of a token as a warning, and all others
 * as an error with a traceback, whoever's fault it is (`_handle_keystone_exception`).
 */
export const keystoneTelling: RequestTelling = {
  end: (told, { fault }) => {
    if (fault === undefined || !told.isKnown) return;
    const { logs } = told.state;
    const message = isByPolicy(fault)
      ? `You are not authorized to perform the requested action: ${fault.message}.`
      : visible(fault.message);
    const summary = `${classOf(fault)}: ${message}`;
    if (fault.status === 401) {
      logs.write(KEYSTONE, {
        level: 'WARNING',
        logger: LOGGER,
        context: anonymous(told.context),
        message: `Authorization failed. ${message} from ${CLIENT}: ${summary}`,
      });
      return;
    }
    logs.write(KEYSTONE, {
      level: 'ERROR',
      logger: LOGGER,
      context: told.context,
      message: `${message}: ${summary}`,
      traceback: [
        'Traceback (most recent call last):',
        '  File "/usr/lib/python3/dist-packages/flask/app.py", line 1820, in full_dispatch_request',
        '    rv = self.dispatch_request()',
        summary,
      ],
    });
  },
};

/** What is not found, by its name in the message. */
const MISSING: Readonly<Record<string, string>> = {
  project: 'ProjectNotFound',
  user: 'UserNotFound',
  role: 'RoleNotFound',
  domain: 'DomainNotFound',
  group: 'GroupNotFound',
  endpoint: 'EndpointNotFound',
  service: 'ServiceNotFound',
  region: 'RegionNotFound',
  trust: 'TrustNotFound',
};

const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'ValidationError',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  500: 'UnexpectedError',
};

/** The exception's class. */
function classOf(fault: ServiceFault): string {
  const missing = MISSING[/^Could not find (\w+): /.exec(fault.message)?.[1] ?? ''];
  const name = isByPolicy(fault) ? 'ForbiddenAction' : (missing ?? BY_STATUS[fault.status] ?? 'Error');
  return `keystone.exception.${name}`;
}
