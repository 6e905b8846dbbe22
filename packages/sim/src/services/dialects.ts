import type { Answer } from '../answer.ts';
import { badRequest, type ServiceFault } from '../fault.ts';
import { UnsupportedVersion } from '../request/microversions.ts';
import type { FaultContext } from '../service.ts';
import { type ArgumentProblem, schemaMessage } from '../request/arguments.ts';
import { quality, UNSPECIFIC, webob } from '../webob.ts';
import { type Json, python, record } from '../wire.ts';

type FaultWriter = (fault: ServiceFault, facts: FaultContext) => Answer;

const TITLES: { readonly [status: number]: string } = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
const titleOf = (status: number): string => TITLES[status] ?? 'Error';

/** The answer of keystonemiddleware, which is in front of every service but Keystone and Glance. */
const middleware = (origin: string): Answer => ({
  status: 401,
  body: {
    error: {
      code: 401,
      title: 'Unauthorized',
      message: 'The request you have made requires authentication.',
    },
  },
  headers: { 'WWW-Authenticate': `Keystone uri="${origin}/identity/v3"` },
});

const KEYS: { readonly [status: number]: string } = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};

/** Writes a fault of Nova: `{ "itemNotFound": { "code": 404, "message": … } }`. */
export const novaFault: FaultWriter = (fault, { origin }) => {
  if (fault.status === 401) return middleware(origin);
  const policy = fault.type === 'policy';
  const key = (policy ? undefined : fault.type) ?? KEYS[fault.status] ?? 'computeFault';
  const message = policy ? `Policy doesn't allow ${fault.message} to be performed.` : fault.message;
  const retry = fault.headers['Retry-After'];
  const body: Json = {
    code: fault.status,
    message,
    ...(retry === undefined || key !== 'overLimit' ? {} : { retryAfter: retry }),
  };
  return {
    status: fault.status,
    body: { [key]: body },
    headers: { 'Content-Type': 'application/json; charset=UTF-8', ...fault.headers },
  };
};

/** Writes a fault of Cinder, whose content type names no character set. */
export const cinderFault: FaultWriter = (fault, facts) => {
  const answer = novaFault(fault, facts);
  return { ...answer, headers: { ...answer.headers, 'Content-Type': 'application/json' } };
};

/** Writes a fault of Masakari, which has no key for some statuses. */
export const masakariFault: FaultWriter = (fault, facts) => {
  const answer = novaFault(fault, facts);
  const { computeFault, ...body } = record(answer.body);
  return computeFault === undefined ? answer : { ...answer, body: { masakariFault: computeFault, ...body } };
};

/** Writes a fault of Octavia, as WSME does: `{ "faultcode": "Client", "faultstring": …, "debuginfo": null }`. */
export const wsmeFault: FaultWriter = (fault, { origin }) => {
  if (fault.status === 401) return middleware(origin);
  const faultcode = fault.status < 500 ? 'Client' : 'Server';
  return {
    status: fault.status,
    body: { faultcode, faultstring: fault.message, debuginfo: null },
    headers: fault.headers,
  };
};

/** Writes a fault of Neutron: `{ "NeutronError": { "type": …, "message": …, "detail": "" } }`. */
export const neutronFault: FaultWriter = (fault, { origin }) => {
  if (fault.status === 401) return middleware(origin);
  const policy = fault.type === 'policy';
  const type = policy
    ? 'PolicyNotAuthorized'
    : (fault.type ?? `HTTP${titleOf(fault.status).replaceAll(' ', '')}`);
  const message = policy ? `${fault.message} is disallowed by policy` : fault.message;
  return {
    status: fault.status,
    body: { NeutronError: { type, message, detail: '' } },
    headers: fault.headers,
  };
};

/** Writes a fault of Keystone: `{ "error": { "code", "message", "title" } }`. */
export const keystoneFault: FaultWriter = (fault, { origin }) => ({
  status: fault.status,
  body: {
    error: {
      code: fault.status,
      message:
        fault.type === 'policy'
          ? `You are not authorized to perform the requested action: ${fault.message}.`
          : fault.message,
      title: titleOf(fault.status),
    },
  },
  headers: {
    ...(fault.status === 401 ? { 'WWW-Authenticate': `Keystone uri="${origin}/identity/v3"` } : {}),
    ...fault.headers,
  },
});

/** Writes a fault of Glance as WebOb does, in a type that the client accepts. */
export const glanceFault: FaultWriter = (fault, { origin, accept }) => {
  if (fault.status === 401) {
    return webob(accept, {
      status: 401,
      title: 'Unauthorized',
      explanation:
        'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.',
      headers: { 'Www-Authenticate': `Keystone uri="${origin}/identity/v3"` },
    });
  }
  const message =
    fault.type === 'policy' ? `You are not authorized to complete ${fault.message} action.` : fault.message;
  const { status, headers } = fault;
  return webob(accept, {
    status,
    title: titleOf(status),
    explanation: message,
    headers,
    ...(fault.type === 'own' ? { own: true } : {}),
  });
};

const EXPLANATIONS: { readonly [status: number]: string } = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  405: 'The method specified is not allowed for this resource.',
  406: 'The resource could not be generated that was acceptable to your browser (content of type application/json. ',
  409: 'There was a conflict when trying to complete your request.',
};

/**
 * Tells whether Placement answers a refusal as a page. A star alone means JSON here, other than in WebOb
 * (`placement/wsgi_wrapper.py`).
 */
function prefersHtml(accept: string | null): boolean {
  const [html, asJson] = [quality(accept ?? '', 'text/html'), quality(accept ?? '', 'application/json')];
  return html > asJson || (html > 0 && html === asJson && accept !== '*/*');
}

function placementPage(fault: ServiceFault, text: string): Answer {
  const notJson = fault.status === 406;
  return webob('text/html', {
    status: fault.status,
    title: titleOf(fault.status),
    explanation: notJson
      ? 'The resource could not be generated that was acceptable to your browser\n(content of type text/html.'
      : (EXPLANATIONS[fault.status] ?? titleOf(fault.status)),
    detail: fault.message === UNSPECIFIC ? 'Only application/json is provided' : text,
    headers: fault.headers,
    ...(notJson ? { own: true } : {}),
  });
}

/** Writes a fault of Placement: `{ "errors": [ … ] }`, the format of the API SIG. */
export const placementFault: FaultWriter = (fault, { requestId, origin, microversion, accept }) => {
  if (fault.status === 401) return middleware(origin);
  const policy = fault.type === 'policy';
  const text = policy
    ? `Policy does not allow ${fault.message} to be performed.`
    : fault instanceof UnsupportedVersion
      ? `Invalid microversion: Unacceptable version header: ${fault.asked}`
      : fault.message;
  if (prefersHtml(accept)) return placementPage(fault, text);
  const coded = Number(microversion.split('.')[1] ?? 0) >= 23 && fault.status !== 403;
  return {
    status: fault.status,
    body: {
      errors: [
        {
          status: fault.status,
          title: titleOf(fault.status),
          detail: `${EXPLANATIONS[fault.status] ?? titleOf(fault.status)}\n\n ${text}  `,
          ...(coded
            ? {
                code:
                  !policy && fault.type?.startsWith('placement.') === true
                    ? fault.type
                    : 'placement.undefined_code',
              }
            : {}),
          request_id: requestId,
          ...(fault instanceof UnsupportedVersion ? { max_version: fault.max, min_version: fault.min } : {}),
        },
      ],
    },
    headers: fault.headers,
  };
};

/** The refusal of Nova's and Cinder's JSON schemas. */
export const schemaFault = (problem: ArgumentProblem): ServiceFault => {
  const message = schemaMessage(problem);
  if (problem.at === undefined) return badRequest(message);
  return badRequest(
    `Invalid input for field/attribute ${problem.at}. Value: ${python(problem.value)}. ${message}`,
  );
};

/** The refusal of Neutron's attribute maps. */
export const neutronSchemaFault = (problem: ArgumentProblem): ServiceFault | undefined => {
  // For a missing body the resources themselves name what is missing.
  if (problem.kind === 'type' && problem.value !== null)
    return badRequest('Body contains invalid data', 'HTTPBadRequest');
  if (problem.kind !== 'unknown') return undefined;
  const names = problem.names.map((name) => `'${name}'`).join(', ');
  return badRequest(`Unrecognized attribute(s) ${names}`, 'HTTPBadRequest');
};

/** The refusal of Keystone's schemas. Unknown fields are accepted and kept. */
export const keystoneSchemaFault = (problem: ArgumentProblem): ServiceFault | undefined =>
  problem.kind === 'unknown' ? undefined : badRequest(schemaMessage(problem));

export const placementSchemaFault = (problem: ArgumentProblem): ServiceFault =>
  badRequest(`JSON does not validate: ${schemaMessage(problem)}`);
