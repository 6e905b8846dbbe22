import { type CallFacts, HttpError, MicroversionError } from '../errors/errors.ts';
import { redactUrl } from './curl.ts';
import { isServiceFault, parseFault } from '../errors/fault.ts';
import { requestIdOf } from './request-id.ts';
import { retryAfterOf } from './retry-after.ts';

export interface AnswerFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A remedy that fits the call better than the usual one of this status. */
  readonly remedy?: string | undefined;
  /** The answer is the service's own, and its base URL is known to be the service's. @default false */
  readonly isConfirmed?: boolean | undefined;
}

/** The error for an answer whose status is no success. */
export function httpError(
  response: Response,
  text: string,
  facts: CallFacts,
  { now, remedy, isConfirmed = false }: AnswerFacts,
): HttpError | MicroversionError {
  const { status } = response;
  if (status === 406 && facts.microversion !== undefined)
    return unsupportedVersion(text, response.headers, facts);
  const fault = parseFault(status, text);
  const id = facts.requestIds.at(-1);
  const leads = redirection(response);
  return new HttpError(
    `${facts.service} ${facts.operation}: ${status} ${leads?.message ?? fault.message}${id === undefined ? '' : ` (${id})`}`,
    facts,
    {
      status,
      fault,
      body: text.slice(0, LONGEST_BODY),
      retryAfterMs: retryAfterOf(response.headers, now),
      isConfirmed,
      remedy:
        remedy ??
        leads?.remedy ??
        (status === 404 && !isConfirmed ? DOUBTFUL : undefined) ??
        REMEDIES[status] ??
        (status >= 500 ? `Look for ${id ?? 'the request'} in the log of ${facts.service}.` : undefined),
    },
  );
}

/**
 * Whether an answer may be a service's own word that something is not there. A 404 of a proxy, a gateway or a web server is a
 * page, or a form that no OpenStack service has. An answer to HEAD has no body: there the request id tells, which the services
 * put on every answer, and Keystone's `Vary: X-Auth-Token` (`keystone/server/flask/request_processing`).
 */
export const mayTellAbsence = ({ status, headers }: Response, text: string, method: string): boolean =>
  (status === 404 || status === 410) && (method === 'HEAD' ? isFromOpenStack(headers) : isServiceFault(text));

const isFromOpenStack = (headers: Headers): boolean =>
  requestIdOf(headers) !== undefined || /\bx-auth-token\b/i.test(headers.get('vary') ?? '');

/** The target of a redirect. It is not followed: the token would go with it, and a POST would become a GET. */
function redirection({ status, headers, url }: Response): { message: string; remedy: string } | undefined {
  const location = headers.get('location');
  if (location === null || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const target = URL.canParse(location, url || undefined)
    ? new URL(location, url || undefined).href
    : location;
  return {
    message: `leads to ${redactUrl(target)}`,
    remedy:
      'It was not followed, so that the token goes nowhere else. Have the endpoint in the catalogue corrected, or give the right URL as an endpoint_override.',
  };
}

const DOUBTFUL =
  'This does not say that there is no such thing: the answer is not the service’s own, or nothing shows that the service is at this URL. Is the endpoint in the catalogue right?';

/** Services answer 406 to a microversion that they do not speak, and say which they do: in the body, or in headers. */
function unsupportedVersion(text: string, headers: Headers, facts: CallFacts): MicroversionError {
  const asked = facts.microversion ?? '';
  const supported = rangeIn(text) ?? rangeOf(headers);
  const range = supported === undefined ? '' : `; it speaks ${supported.min} to ${supported.max}`;
  return new MicroversionError(
    `${facts.service} ${facts.operation}: microversion ${asked} is not supported${range}`,
    {
      service: facts.service,
      asked,
      reason: 'refused',
      supported,
      remedy: `Ask with at('${supported?.max ?? 'MAJOR.MINOR'}') or older, or find out first with cloud.supports().`,
    },
  );
}

function rangeIn(text: string): { min: string; max: string } | undefined {
  const words =
    /minimum is (\d{1,6}\.\d{1,6}) and maximum is (\d{1,6}\.\d{1,6})/i.exec(text) ??
    // Ironic's `_check_version`, in JSON within JSON.
    /version range is: \[(\d{1,6}\.\d{1,6}), (\d{1,6}\.\d{1,6})\]/i.exec(text);
  if (words?.[1] !== undefined && words[2] !== undefined) return { min: words[1], max: words[2] };
  const min = /"min_version":\s{0,8}"(\d{1,6}\.\d{1,6})"/.exec(text)?.[1];
  const max = /"max_version":\s{0,8}"(\d{1,6}\.\d{1,6})"/.exec(text)?.[1];
  return min === undefined || max === undefined ? undefined : { min, max };
}

/** Ironic's `X-OpenStack-Ironic-API-Minimum-Version`, and the like of Inspector and Magnum. */
function rangeOf(headers: Headers): { min: string; max: string } | undefined {
  let min: string | undefined;
  let max: string | undefined;
  for (const [name, value] of headers) {
    if (!/^\d{1,6}\.\d{1,6}$/.test(value)) continue;
    if (/^(x-)?openstack-.*api-minimum-version$/.test(name)) min = value;
    if (/^(x-)?openstack-.*api-maximum-version$/.test(name)) max = value;
  }
  return min === undefined || max === undefined ? undefined : { min, max };
}

const LONGEST_BODY = 64 * 1024;

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'Keystone gave a token that this service does not accept: is the service in the same cloud, and is its clock right?',
  403: 'The role of this user does not allow it. Another cloud entry, project or scope may.',
  413: 'A quota is used up, or the body is larger than the service takes.',
  429: 'The service is being asked too often: ask less in parallel, or give the call a longer `deadline`.',
};
