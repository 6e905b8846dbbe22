import { visible } from '@groundcrew/ground';
import type { ServiceFault } from '../../fault.ts';
import type { Release } from '../../releases.ts';
import { CONTROLLER, type LogProcessName } from '../service-logs.ts';
import {
  answerBytes,
  CLIENT,
  contextAt,
  type RequestTelling,
  secondsOf,
  type ToldRequest,
} from './told-request.ts';
import { summaryOf, uncaughtOf } from './uncaught.ts';

/**
 * Neutron's API: what it tells of a refusal, and the access log of its server. That is eventlet's in `neutron-server` until 2025.1
 * (`neutron/wsgi.py`, since 2024.2 `neutron/api/wsgi.py`); from 2025.2 on there is only `neutron-api`, in a server whose access log is not
 * Neutron's.
 */
export const neutronTelling: RequestTelling = {
  end: (told, { answer, fault }) => {
    const { logs, release } = told.state;
    const server = serverOf(release);
    const context = contextAt(told, answer.status);
    const failure = fault === undefined || !told.isKnown ? undefined : failureOf(told, fault);
    if (failure !== undefined) logs.write(server.process, { ...failure, context });
    if (server.accessLogger === undefined) return;
    logs.write(server.process, {
      level: 'INFO',
      logger: server.accessLogger,
      context,
      message: `${CLIENT} "${told.method} ${told.path}${told.query} HTTP/1.1" status: ${answer.status}  len: ${answerBytes(answer, told.method)} time: ${secondsOf(told).toFixed(7)}`,
    });
  },
};

function serverOf(release: Release): { process: LogProcessName; accessLogger: string | undefined } {
  if (release.number >= '2025.2')
    return { process: { service: 'neutron-api', host: CONTROLLER }, accessLogger: undefined };
  return {
    process: { service: 'neutron-server', host: CONTROLLER },
    accessLogger: release.number >= '2024.2' ? 'neutron.api.wsgi' : 'neutron.wsgi',
  };
}

/** WebOb's explanations, which stand in the log instead of Neutron's message to the client. */
const EXPLANATIONS: Readonly<Record<number, string>> = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  409: 'There was a conflict when trying to complete your request.',
};

/** Resources that Pecan serves (`pecan_wsgi/hooks/translation.py`); the others are extensions (`api/v2/resource.py`). */
const PECAN = /^\/v2\.0\/(?:networks|subnets|ports|subnetpools)(?:\/|$)/;

const PECAN_FRAME = {
  file: 'pecan/core.py',
  line: 682,
  name: '__call__',
  code: 'self.invoke_controller(controller, args, kwargs, state)',
};
const RESOURCE_FRAME = {
  file: 'neutron/api/v2/resource.py',
  line: 98,
  name: 'resource',
  code: 'result = method(request=request, **args)',
};

function failureOf(told: ToldRequest, fault: ServiceFault) {
  const isPecan = PECAN.test(told.path);
  const logger = isPecan ? 'neutron.pecan_wsgi.hooks.translation' : 'neutron.api.v2.resource';
  const action = isPecan ? told.method : actionOf(told);
  if (fault.status >= 500) {
    const uncaught = uncaughtOf(fault, isPecan ? PECAN_FRAME : RESOURCE_FRAME);
    const { traceback } = uncaught;
    const what = isPecan ? `${action} failed.` : `${action} failed: No details.`;
    const message = `${what}: ${summaryOf(uncaught)}`;
    return { level: 'ERROR', logger, message, traceback } as const;
  }
  const explanation = EXPLANATIONS[fault.status];
  if (explanation === undefined) return undefined;
  const text = fault.message.startsWith('Invalid input for ') ? visible(fault.message) : explanation;
  return { level: 'INFO', logger, message: `${action} failed (client error): ${text}` } as const;
}

/** The name of the controller's method. */
function actionOf({ method, path }: ToldRequest): string {
  if (method === 'POST') return 'create';
  if (method === 'PUT') return 'update';
  if (method === 'DELETE') return 'delete';
  return path.split('/').length > 3 ? 'show' : 'index';
}
