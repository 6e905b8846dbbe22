import { maskText } from '@groundcrew/ground';
import { curlOf, redactUrl } from './curl.ts';
import { BodyLimitError, type CallFacts, ConnectionError, TimeoutError } from '../errors/errors.ts';
import { BodyLimitExceeded, type ExchangeRequest, TimeLimitExceeded } from './exchange.ts';
import { withoutSecrets } from './sent-secrets.ts';
import { connectionFailureOf, remedyFor, withoutRequest } from './connection-failure.ts';

/** The error of a call that was sent and not answered. */
export type CallFailure = ConnectionError | TimeoutError | BodyLimitError;

/** The error for a request that was not answered, or whose answer could not be read. */
export function failureOf(
  error: unknown,
  request: ExchangeRequest,
  counts: Pick<CallFacts, 'attempts' | 'requestIds'>,
): CallFailure {
  const url = shownUrl(request);
  const facts: CallFacts = {
    service: request.service,
    operation: request.operation,
    method: request.method,
    url,
    microversion: request.microversion,
    ...counts,
    curl: withoutSecrets(curlOf(request), request.secrets?.() ?? []),
  };
  const where = `${request.service} ${request.operation}: ${request.method} ${url}`;
  if (error instanceof BodyLimitExceeded) {
    return new BodyLimitError(`${where}: ${error.message}`, facts, {
      limit: error.limit,
      remedy: 'Narrow what is asked, or give connect() or the call a larger `maxBody`.',
    });
  }
  if (error instanceof TimeLimitExceeded) {
    return new TimeoutError(`${where}: ${error.message}`, facts, {
      remedy: 'Is the service overloaded? A longer `timeout` may be given to connect() or to the call.',
      cause: withoutRequest(error),
    });
  }
  const why = connectionFailureOf(error);
  return new ConnectionError(`${where}: ${maskText(why.message)} (${why.reason})`, facts, {
    code: why.kind,
    reason: why.reason,
    remedy: !why.permanent && !why.unsent && isOneShot(request.body) ? ONE_SHOT : remedyFor(why),
    cause: withoutRequest(error),
  });
}

/** The word for a failure that events give. */
export const reasonOf = (failure: CallFailure): string =>
  failure instanceof ConnectionError ? failure.reason : failure.code;

/** The URL of a request without the secrets in it. */
export const shownUrl = ({ url, secrets }: ExchangeRequest): string =>
  withoutSecrets(redactUrl(url), secrets?.() ?? []);

/** Whether a body can be sent only once. */
export const isOneShot = (body: ExchangeRequest['body']): boolean => body instanceof ReadableStream;

/** The remedy of a failure that would have been repeated, were it not for the body. */
export const ONE_SHOT =
  'The body is a stream, which can be sent only once: give a function that opens it anew, and this is repeated by itself.';
