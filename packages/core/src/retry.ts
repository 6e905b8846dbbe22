import type { EventEmitter } from 'eventemitter3';
import { maskText } from '@groundcrew/ground';
import pRetry from 'p-retry';
import type { Clock } from '@groundcrew/ground';
import { curlOf, redactUrl } from './curl.ts';
import { isConfigError } from './error-guards.ts';
import { BodyLimitError, type CallFacts, ConnectionError, TimeoutError } from './errors.ts';
import type { CloudEvents, RequestEvent } from './events.ts';
import {
  BodyLimitPassed,
  type Exchange,
  type ExchangeRequest,
  type ExchangeResult,
  type Send,
  TimeLimitPassed,
} from './exchange.ts';
import { assertSendable } from './headers.ts';
import { noAnswer, remedyFor, withoutRequest } from './no-answer.ts';
import { LONGEST_ERROR_BODY, readText } from './read-text.ts';
import { requestIdOf } from './request-id.ts';
import { retryAfterOf } from './retry-after.ts';

/** The limits of a client; each call may set its own. */
export interface Patience {
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Milliseconds for a call with all its attempts. */
  readonly deadline: number;
  /** How often a call may be repeated. */
  readonly retries: number;
  /** Bytes of an answer that is read as a whole, after decompression. */
  readonly maxBody: number;
}

export interface RetryOptions extends Patience {
  readonly send: Send;
  readonly clock: Clock;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly events: EventEmitter<CloudEvents>;
}

/**
 * The one owner of retries, and the only file that knows p-retry.
 *
 * Repeated: 429 always, and 503 with `Retry-After` (the service refused, nothing happened); 502, 503, 504, a
 * broken connection and a timeout only if the call is idempotent; a connection that was never made always. Never:
 * a certificate that does not verify, and a body from a stream that can be read only once. `Retry-After` (seconds
 * or a date) is honoured up to a minute; without it the delay doubles from half a second, with full jitter.
 */
export function createExchange(options: RetryOptions): Exchange {
  return async (request) => {
    assertSendable(request.headers, request.operation);
    const run = new Run(request, options);
    return pRetry((attempt) => run.attempt(attempt), {
      retries: request.retries ?? options.retries,
      // p-retry's own delays are nil: ours are slept on the injected clock.
      minTimeout: 0,
      maxTimeout: 0,
      randomize: false,
      onFailedAttempt: ({ error, attemptNumber, retriesLeft }) =>
        run.pause(error, attemptNumber, retriesLeft),
      shouldRetry: ({ error }) => error instanceof Passing,
    }).catch((error: unknown) => run.end(error));
  };
}

/** A failure that may pass: the call is repeated after a delay. */
class Passing extends Error {
  readonly reason: string;
  readonly retryAfter: number | undefined;
  /** What the call ends with if it is not repeated: an answer, or an error. */
  readonly outcome: { readonly result: ExchangeResult } | { readonly error: unknown };

  constructor(reason: string, retryAfter: number | undefined, outcome: Passing['outcome']) {
    super(reason);
    this.reason = reason;
    this.retryAfter = retryAfter;
    this.outcome = outcome;
  }
}

/** One call through its attempts. */
class Run {
  readonly #request: ExchangeRequest;
  readonly #options: RetryOptions;
  readonly #startedAt: number;
  readonly #requestIds: string[] = [];

  constructor(request: ExchangeRequest, options: RetryOptions) {
    this.#request = request;
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  async attempt(attempt: number): Promise<ExchangeResult> {
    const request = this.#request;
    if (request.signal?.aborted) throw new Aborted(request.signal.reason);
    const { events } = this.#options;
    const event: RequestEvent = {
      service: request.service,
      operation: request.operation,
      route: request.route,
      method: request.method,
      attempt,
    };
    events.emit('request', event);
    const timeout = request.timeout ?? this.#options.timeout;
    const sentAt = performance.now();
    try {
      const response = await this.#options.send({ ...request, timeout });
      const requestId = requestIdOf(response.headers);
      if (requestId !== undefined) this.#requestIds.push(requestId);
      const status = response.status;
      events.emit('response', { ...event, status, duration: performance.now() - sentAt, requestId });
      const text = request.read === 'text' ? await this.#text(response, timeout) : undefined;
      const result: ExchangeResult = { response, text, attempts: attempt, requestIds: this.#requestIds };
      const retryAfter = retryAfterOf(response.headers, this.#options.clock.now());
      if (!this.#mayRepeat(status, retryAfter)) return result;
      throw new Passing(String(status), retryAfter, { result });
    } catch (error) {
      if (error instanceof Passing) throw error;
      if (request.signal?.aborted) throw new Aborted(request.signal.reason);
      // A certificate or a key that cannot be used: nothing was sent, and nothing will be.
      if (isConfigError(error)) throw error;
      throw this.#failure(error, attempt);
    }
  }

  #text(response: Response, timeout: number): Promise<string> {
    const { maxBody } = this.#options;
    return response.ok
      ? readText(response, { timeout, most: this.#request.maxBody ?? maxBody, beyond: 'throw' })
      : readText(response, { timeout, most: LONGEST_ERROR_BODY, beyond: 'cut' });
  }

  /** Sleeps until the next attempt, or ends the call if there is none to be. */
  async pause(error: unknown, attempt: number, retriesLeft: number): Promise<void> {
    if (!(error instanceof Passing) || retriesLeft === 0) return;
    const { clock, random, events, deadline } = this.#options;
    const delay = error.retryAfter ?? random() * Math.min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY);
    const left = this.#startedAt + (this.#request.deadline ?? deadline) - clock.now();
    if (delay > left || delay > LONGEST_RETRY_AFTER) throw new Ended(error);
    const { service, operation, route, method, signal } = this.#request;
    events.emit('retry', { service, operation, route, method, attempt, reason: error.reason, delay });
    if ('result' in error.outcome && error.outcome.result.text === undefined) {
      try {
        await error.outcome.result.response.body?.cancel();
      } catch {
        // A body that broke off cannot be cancelled, and needs not be.
      }
    }
    await clock.sleep(delay, signal);
  }

  end(error: unknown): ExchangeResult {
    if (error instanceof Aborted) throw error.reason;
    const last = error instanceof Ended ? error.last : error;
    if (!(last instanceof Passing)) throw last;
    if ('error' in last.outcome) throw last.outcome.error;
    return last.outcome.result;
  }

  #mayRepeat(status: number, retryAfter: number | undefined): boolean {
    if (isOneShot(this.#request.body)) return false;
    if (status === 429) return true;
    if (status === 503 && retryAfter !== undefined) return true;
    return this.#request.idempotent && (status === 502 || status === 503 || status === 504);
  }

  #failure(error: unknown, attempt: number): unknown {
    const request = this.#request;
    const url = redactUrl(request.url);
    const facts: CallFacts = {
      service: request.service,
      operation: request.operation,
      method: request.method,
      url,
      microversion: request.microversion,
      attempts: attempt,
      requestIds: [...this.#requestIds],
      curl: curlOf(request),
    };
    const where = `${request.service} ${request.operation}: ${request.method} ${url}`;
    if (error instanceof BodyLimitPassed) {
      return new BodyLimitError(`${where}: ${error.message}`, facts, {
        limit: error.limit,
        remedy: 'Narrow what is asked, or give connect() or the call a larger `maxBody`.',
      });
    }
    if (error instanceof TimeLimitPassed) {
      const timeout = new TimeoutError(`${where}: ${error.message}`, facts, {
        remedy: 'Is the service overloaded? A longer `timeout` may be given to connect() or to the call.',
        cause: withoutRequest(error),
      });
      return this.#repeatable(false) ? new Passing('timeout', undefined, { error: timeout }) : timeout;
    }
    const why = noAnswer(error);
    const failure = new ConnectionError(`${where}: ${maskText(why.message)} (${why.reason})`, facts, {
      code: why.kind,
      reason: why.reason,
      remedy: !why.lasting && !why.unsent && isOneShot(request.body) ? ONE_SHOT : remedyFor(why),
      cause: withoutRequest(error),
    });
    if (why.lasting || !this.#repeatable(why.unsent)) return failure;
    return new Passing(why.reason, undefined, { error: failure });
  }

  #repeatable(unsent: boolean): boolean {
    return !isOneShot(this.#request.body) && (unsent || this.#request.idempotent);
  }
}

/** Stops p-retry: what comes next would be too late. */
class Ended extends Error {
  readonly last: Passing;
  constructor(last: Passing) {
    super(last.message);
    this.last = last;
  }
}

/** Carries a signal's reason past p-retry, which takes nothing but errors. */
class Aborted extends Error {
  readonly reason: unknown;
  constructor(reason: unknown) {
    super('aborted');
    this.reason = reason;
  }
}

const isOneShot = (body: ExchangeRequest['body']): boolean => body instanceof ReadableStream;

/** What a failure that would have been repeated, were it not for the body, ends with. */
export const ONE_SHOT =
  'The body is a stream, which can be sent only once: give a function that opens it anew, and this is repeated by itself.';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const LONGEST_RETRY_AFTER = 60_000;
