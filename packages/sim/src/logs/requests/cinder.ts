import { maskText, visible } from '@groundcrew/ground';
import { tellVolumeApi, volumeApiWrites } from '../../services/block-storage/volume-log.ts';
import { validToken } from '../../services/identity/valid-token.ts';
import { record, str } from '../../wire.ts';
import type { LogContext } from '../log-entry.ts';
import {
  anonymous,
  contextAt,
  type RequestTelling,
  type ToldAnswer,
  type ToldRequest,
} from './told-request.ts';
import { uncaughtOf } from './uncaught.ts';

const WSGI = 'cinder.api.openstack.wsgi';
const VOLUME_API = 'cinder.volume.api';
const PYTHON = '/usr/lib/python3/dist-packages';
/** Characters of a body that are kept. */
const LONGEST_BODY = 16_384;

/**
 * Cinder's API (`cinder/api/openstack/wsgi.py`): a line before and a line behind each request that has passed the middleware, and between them
 * what it has done. At DEBUG also how a request is dispatched; what DEBUG lines say of their place in the source is that of 21.3.1.
 */
export const cinderTelling: RequestTelling = {
  begin: (told) => {
    if (!told.isKnown || isUnauthenticated(told)) return;
    if (told.operation !== 'versions') {
      tellVolumeApi(told, {
        level: 'DEBUG',
        logger: 'keystonemiddleware.auth_token',
        context: anonymous(told.context),
        message: `Authenticating user token process_request ${PYTHON}/keystonemiddleware/auth_token/__init__.py:406`,
      });
    }
    const context = contextAt(told, 200);
    tellVolumeApi(told, {
      level: 'INFO',
      logger: WSGI,
      context,
      message: `${told.method} ${addressOf(told)}`,
    });
    if (volumeApiWrites(told, WSGI, 'DEBUG')) tellDispatch(told, context);
  },
  end: (told, ended) => {
    const { status } = ended.answer;
    if (!told.isKnown || status === 401 || isUnauthenticated(told)) return;
    const context = contextAt(told, status);
    if (status < 400)
      for (const [logger, message] of doneBy(told))
        tellVolumeApi(told, { level: 'INFO', logger, context, message });
    const logger = tellUncaught(told, ended) ? 'cinder.api.middleware.fault' : WSGI;
    const message = `${addressOf(told)} returned with HTTP ${status}`;
    tellVolumeApi(told, { level: 'INFO', logger, context, message });
  },
};

/** How the framework finds what does the work. */
function tellDispatch(told: ToldRequest, context: LogContext): void {
  const source = `${PYTHON}/cinder/api/openstack/wsgi.py`;
  const debug = (message: string): void =>
    tellVolumeApi(told, { level: 'DEBUG', logger: WSGI, context, message });
  const method = controllerMethod(told);
  if (told.body === undefined) debug(`Empty body provided in request get_body ${source}:715`);
  if (method === undefined) return;
  if (told.body === undefined) {
    debug(`Calling method '${method}' _process_stack ${source}:868`);
    return;
  }
  // Secrets are masked there, too (`strutils.mask_password`).
  const body = visible(maskText(JSON.stringify(told.body).slice(0, LONGEST_BODY)));
  debug(`Action: '${method}', calling method: ${method}, body: ${body} _process_stack ${source}:866`);
}

/** A request without a token does not come as far as Cinder itself: keystonemiddleware answers it. */
const isUnauthenticated = ({ state, request, operation }: ToldRequest): boolean =>
  operation !== 'versions' && validToken(state, request.headers.get('X-Auth-Token')) === undefined;

const addressOf = ({ origin, path, query }: ToldRequest): string => origin + path + query;

/** The name of the controller's method; an action's is that of a function with its address in memory. */
function controllerMethod({ method, path, operation, body }: ToldRequest): string | undefined {
  if (operation === 'versions') return 'all';
  if (path.endsWith('/action')) return undefined;
  if (method === 'GET') {
    if (path.endsWith('/detail')) return 'detail';
    return resourceOf(path).includes('/') ? 'show' : 'index';
  }
  const names: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', DELETE: 'delete' };
  return method === 'POST' && body === undefined ? undefined : names[method];
}

/** The path below the version and the project. */
const resourceOf = (path: string): string => path.replace(/^\/v3\/(?:[0-9a-f]{32}\/)?/, '');

/** Loggers with what they say when a request was done, by the method and the path. */
const DONE: readonly {
  readonly asked: RegExp;
  readonly say: (id: string, told: ToldRequest) => readonly (readonly [logger: string, message: string])[];
}[] = [
  {
    asked: /^GET volumes(?:\/detail)?$/,
    say: () => [[VOLUME_API, 'Get all volumes completed successfully.']],
  },
  {
    asked: /^GET volumes\/([0-9a-f-]{36})$/,
    say: () => [[VOLUME_API, 'Volume info retrieved successfully.']],
  },
  {
    asked: /^POST volumes$/,
    say: (_id, told) => [
      ['cinder.api.v3.volumes', `Create volume of ${given(told, 'volume', 'size')} GB`],
      [VOLUME_API, 'Create volume request issued successfully.'],
    ],
  },
  {
    asked: /^DELETE volumes\/([0-9a-f-]{36})$/,
    say: (id) => [
      ['cinder.api.v3.volumes', `Delete volume with id: ${id} `],
      [VOLUME_API, 'Volume info retrieved successfully.'],
      [VOLUME_API, 'Delete volume request issued successfully.'],
    ],
  },
  {
    asked: /^GET snapshots(?:\/detail)?$/,
    say: () => [[VOLUME_API, 'Get all snapshots completed successfully.']],
  },
  {
    asked: /^GET snapshots\/([0-9a-f-]{36})$/,
    say: () => [[VOLUME_API, 'Snapshot retrieved successfully.']],
  },
  {
    asked: /^POST snapshots$/,
    say: (_id, told) => [
      ['cinder.api.v3.snapshots', `Create snapshot from volume ${given(told, 'snapshot', 'volume_id')}`],
      [VOLUME_API, 'Snapshot create request issued successfully.'],
    ],
  },
  {
    // The third version's controller has this method from the second's.
    asked: /^DELETE snapshots\/([0-9a-f-]{36})$/,
    say: (id) => [
      ['cinder.api.v2.snapshots', `Delete snapshot with id: ${id}`],
      [VOLUME_API, 'Snapshot delete request issued successfully.'],
    ],
  },
  {
    asked: /^POST backups$/,
    say: (_id, told) => [
      [
        'cinder.api.contrib.backups',
        `Creating backup of volume ${given(told, 'backup', 'volume_id')} in container ${given(told, 'backup', 'container')}`,
      ],
    ],
  },
  {
    asked: /^DELETE backups\/([0-9a-f-]{36})$/,
    say: (id) => [['cinder.api.contrib.backups', `Delete backup with id: ${id}.`]],
  },
];

function doneBy(told: ToldRequest): readonly (readonly [logger: string, message: string])[] {
  const asked = `${told.method} ${resourceOf(told.path)}`;
  for (const { asked: pattern, say } of DONE) {
    const match = pattern.exec(asked);
    if (match !== null) return say(match[1] ?? '', told);
  }
  return [];
}

/** A field of the body as Python prints it in a message. */
function given({ body }: ToldRequest, envelope: string, field: string): string {
  const value = record(record(body)[envelope])[field];
  return value === undefined || value === null ? 'None' : visible(str(value));
}

/** Whether the framework did not expect what happened, which `FaultWrapper` tells then; it also answers for a quota that is used up. */
function tellUncaught(told: ToldRequest, { answer, fault }: ToldAnswer): boolean {
  if (fault === undefined || (answer.status !== 500 && answer.status !== 413)) return false;
  if (answer.status === 413) return true;
  const { type, message, traceback } = uncaughtOf(fault, {
    file: 'cinder/api/middleware/fault.py',
    line: 75,
    name: '__call__',
    code: 'return req.get_response(self.application)',
  });
  tellVolumeApi(told, {
    level: 'ERROR',
    logger: 'cinder.api.middleware.fault',
    context: told.context,
    message: `Caught error: <class '${type}'> ${message}: ${traceback.at(-1) ?? type}`,
    traceback,
  });
  return true;
}
