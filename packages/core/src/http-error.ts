import { type CallFacts, HttpError, MicroversionError } from './errors.ts';
import { parseFault } from './fault.ts';
import { retryAfterOf } from './retry-after.ts';

/**
 * The error for an answer whose status is no success.
 *
 * @param remedy - one that fits the call better than what is commonly said of this status
 */
export function httpError(
  response: Response,
  text: string,
  facts: CallFacts,
  now: number,
  remedy?: string,
): HttpError | MicroversionError {
  const { status } = response;
  if (status === 406 && facts.microversion !== undefined) return unsupportedVersion(text, facts);
  const fault = parseFault(status, text);
  const id = facts.requestIds.at(-1);
  return new HttpError(
    `${facts.service} ${facts.operation}: ${status} ${fault.message}${id === undefined ? '' : ` (${id})`}`,
    facts,
    {
      status,
      fault,
      body: text.slice(0, LONGEST_BODY),
      retryAfter: retryAfterOf(response.headers, now),
      remedy:
        remedy ??
        REMEDIES[status] ??
        (status >= 500 ? `Look for ${id ?? 'the request'} in the log of ${facts.service}.` : undefined),
    },
  );
}

/** Nova, Cinder and Placement answer 406 to a microversion that they do not speak, and say which they do. */
function unsupportedVersion(text: string, facts: CallFacts): MicroversionError {
  const asked = facts.microversion ?? '';
  const supported = rangeIn(text);
  const range = supported === undefined ? '' : `; it speaks ${supported.min} to ${supported.max}`;
  return new MicroversionError(
    `${facts.service} ${facts.operation}: microversion ${asked} is not supported${range}`,
    {
      service: facts.service,
      asked,
      supported,
      remedy: `Ask with at('${supported?.max ?? 'MAJOR.MINOR'}') or older, or find out first with cloud.supports().`,
    },
  );
}

function rangeIn(text: string): { min: string; max: string } | undefined {
  const words = /minimum is (\d+\.\d+) and maximum is (\d+\.\d+)/i.exec(text);
  if (words?.[1] !== undefined && words[2] !== undefined) return { min: words[1], max: words[2] };
  const min = /"min_version":\s*"(\d+\.\d+)"/.exec(text)?.[1];
  const max = /"max_version":\s*"(\d+\.\d+)"/.exec(text)?.[1];
  return min === undefined || max === undefined ? undefined : { min, max };
}

const LONGEST_BODY = 64 * 1024;

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'Keystone gave a token that this service does not accept: is the service in the same cloud, and is its clock right?',
  403: 'The role of this user does not allow it. Another cloud entry, project or scope may.',
  413: 'A quota is used up, or the body is larger than the service takes.',
  429: 'The service is being asked too often: ask less in parallel, or give the call a longer `deadline`.',
};
