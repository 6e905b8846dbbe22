import { curlOf, redactUrl } from './curl.ts';
import type { CallFacts } from '../errors/errors.ts';
import type { ExchangeRequest, ExchangeResult } from './exchange.ts';

/** The facts that an error has of a request that was answered. */
export const factsOf = (request: ExchangeRequest, result: ExchangeResult): CallFacts => ({
  service: request.service,
  operation: request.operation,
  method: request.method,
  url: redactUrl(request.url),
  microversion: request.microversion,
  attempts: result.attempts,
  requestIds: result.requestIds,
  curl: curlOf(request),
});
