import * as core from '../../src/index.ts';

const facts: core.CallFacts = {
  service: 'compute',
  operation: 'servers.get',
  method: 'GET',
  url: 'http://it/',
  microversion: undefined,
  attempts: 1,
  requestIds: [],
  curl: 'curl',
};

type Classes = Pick<typeof core, 'HttpError' | 'parseFault'>;
export const http = (status: number, body: unknown = {}, { HttpError, parseFault }: Classes = core) =>
  new HttpError('it', facts, {
    status,
    isConfirmed: status === 404,
    fault: parseFault(status, JSON.stringify(body)),
    body: '',
  });
const quota = { forbidden: { code: 403, message: 'Quota exceeded for instances' } };
const neutronQuota = { NeutronError: { type: 'OverQuota', message: 'no', detail: '' } };

/** Errors, and the guards that hold besides `isGroundcrewError`, separated by a blank. */
export const table: readonly (readonly [string, core.GroundcrewError, string])[] = [
  ['400', http(400), 'isBadRequest isHttpError'],
  ['401', http(401), 'isHttpError isUnauthorized'],
  ['403', http(403), 'isForbidden isHttpError'],
  ['403 of a quota', http(403, quota), 'isHttpError isOverLimit'],
  ['404', http(404), 'isHttpError isNotFound'],
  ['409', http(409), 'isConflict isHttpError'],
  ['409 of a quota', http(409, neutronQuota), 'isHttpError isOverLimit'],
  ['413', http(413), 'isHttpError isOverLimit'],
  ['418', http(418), 'isHttpError'],
  ['429', http(429), 'isHttpError isRateLimited'],
  ['500', http(500), 'isHttpError isServerError'],
  ['501', http(501), 'isHttpError isServerError'],
  ['503', http(503), 'isHttpError isServerError'],
  ['AuthError', new core.AuthError('it', { url: 'http://it' }), 'isAuthError'],
  ['ConfigError', new core.ConfigError('it'), 'isConfigError'],
  ['InputError', new core.InputError('it', { field: 'a', operation: 'b' }), 'isInputError'],
  [
    'EndpointError',
    new core.EndpointError('it', { service: 'image', reason: 'no-service' }),
    'isEndpointError',
  ],
  [
    'MicroversionError',
    new core.MicroversionError('it', { service: 'compute', asked: '2.1', reason: 'refused' }),
    'isMicroversionError',
  ],
  [
    'no answer',
    new core.ConnectionError('it', facts, { code: 'unreachable', reason: 'ECONNRESET' }),
    'isConnectionError',
  ],
  [
    'a bad certificate',
    new core.ConnectionError('it', facts, { code: 'certificate', reason: 'CERT_HAS_EXPIRED' }),
    'isConnectionError',
  ],
  ['TimeoutError', new core.TimeoutError('it', facts), 'isTimeout'],
  ['BodyLimitError', new core.BodyLimitError('it', facts, { limit: 1 }), 'isBodyLimitError'],
  ['DecodeError', new core.DecodeError('it', facts, { field: 'a', status: 200 }), 'isDecodeError'],
  [
    'PaginationError',
    new core.PaginationError('it', { reason: 'loop', operation: 'b' }),
    'isPaginationError',
  ],
  ['NotFoundError', new core.NotFoundError('it'), 'isNotFound'],
  ['AmbiguousError', new core.AmbiguousError('it', { ids: [] }), 'isAmbiguous'],
  [
    'a wait that failed',
    new core.WaitError('it', { code: 'wait-failed', seen: [], last: {} }),
    'isWaitError',
  ],
  [
    'a wait out of patience',
    new core.WaitError('it', { code: 'wait-timeout', seen: [], last: {} }),
    'isWaitError',
  ],
  ['StallError', new core.StallError('it'), 'isStallError'],
  [
    'IntegrityError',
    new core.IntegrityError('it', { algorithm: 'md5', expected: 'a', actual: 'b' }),
    'isIntegrityError',
  ],
];

/** One error of each kind. */
export const errors: readonly core.GroundcrewError[] = table.map(([, error]) => error);
