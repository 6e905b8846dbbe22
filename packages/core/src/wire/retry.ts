import type { EventEmitter } from 'eventemitter3';
import pRetry from 'p-retry';
import type { Clock } from '@groundcrew/ground';
import { AttemptReport } from '../telemetry/attempt-report.ts';
import { failureOf, isOneShot, reasonOf, shownUrl } from './call-failure.ts';
import { isConfigError } from '../errors/guards.ts';
import type { CloudEvents, RequestEvent } from '../telemetry/events.ts';
import type { Instrumentation } from '../telemetry/instrumentation.ts';
import {
  BodyLimitExceeded,
  type Exchange,
  type ExchangeRequest,
  type ExchangeResult,
  type Send,
  TimeLimitExceeded,
} from './exchange.ts';
import { assertSendable, mergedHeaders } from './headers.ts';
import { connectionFailureOf } from './connection-failure.ts';
import { LONGEST_ERROR_BODY, readText } from './read-text.ts';
import { requestIdOf } from './request-id.ts';
import { retryAfterOf } from './retry-after.ts';

/** The limits of a client; each call may set its own. */
export interface CallLimits {
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Milliseconds for a call with all its attempts. */
  readonly deadline: number;
  /** The number of times that a call may be repeated. */
  readonly retries: number;
  /** Bytes of an answer that is read as a whole, after decompression. */
  readonly maxBody: number;
}

export interface RetryOptions extends CallLimits {
  readonly send: Send;
  readonly clock: Clock;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly events: EventEmitter<CloudEvents>;
  readonly instrumentation?: Instrumentation | undefined;
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
  let attempts = 0;
  const nextId = (): number => (attempts += 1);
  return async (request) => {
    assertSendable(request.headers, request.operation);
    const call = new CallAttempts(request, options, nextId);
    return pRetry((attempt) => call.attempt(attempt), {
      retries: request.retries ?? options.retries,
      // p-retry's own delays are nil: ours are slept on the injected clock.
      minTimeout: 0,
      maxTimeout: 0,
      randomize: false,
      onFailedAttempt: ({ error, attemptNumber, retriesLeft }) =>
        call.pause(error, attemptNumber, retriesLeft),
      shouldRetry: ({ error }) => error instanceof RetryableFailure,
    }).catch((error: unknown) => call.end(error));
  };
}

/** A failure that may pass: the call is repeated after a delay. */
class RetryableFailure extends Error {
  readonly reason: string;
  readonly retryAfter: number | undefined;
  /** The end of the call if it is not repeated: an answer, or an error. */
  readonly outcome: { readonly result: ExchangeResult } | { readonly error: unknown };

  constructor(reason: string, retryAfter: number | undefined, outcome: RetryableFailure['outcome']) {
    super(reason);
    this.reason = reason;
    this.retryAfter = retryAfter;
    this.outcome = outcome;
  }
}

/** Makes the attempts of one call. */
class CallAttempts {
  readonly #request: ExchangeRequest;
  readonly #options: RetryOptions;
  readonly #nextId: () => number;
  readonly #startedAt: number;
  readonly #requestIds: string[];
  /** The event that the latest attempt started with. */
  #latest: RequestEvent | undefined;

  constructor(request: ExchangeRequest, options: RetryOptions, nextId: () => number) {
    this.#request = request;
    this.#options = options;
    this.#nextId = nextId;
    this.#startedAt = options.clock.now();
    this.#requestIds = [...(request.previous?.requestIds ?? [])];
  }

  async attempt(round: number): Promise<ExchangeResult> {
    const attempts = (this.#request.previous?.attempts ?? 0) + round;
    const { response, text } = await this.#answer(attempts);
    const result: ExchangeResult = { response, text, attempts, requestIds: this.#requestIds };
    const retryAfter = retryAfterOf(response.headers, this.#options.clock.now());
    if (!this.#mayRepeat(response.status, retryAfter)) return result;
    throw new RetryableFailure(String(response.status), retryAfter, { result });
  }

  /** Sends once, and reads the answer: what `CloudEvents` calls an attempt. */
  async #answer(attempt: number): Promise<Pick<ExchangeResult, 'response' | 'text'>> {
    const request = this.#request;
    if (request.signal?.aborted) throw new Aborted(request.signal.reason);
    const { service, operation, route, method } = request;
    this.#latest = { id: this.#nextId(), service, operation, route, method, attempt };
    const report = new AttemptReport(this.#latest, {
      events: this.#options.events,
      instrumentation: this.#options.instrumentation,
      url: () => shownUrl(request),
    });
    try {
      const timeout = request.timeout ?? this.#options.timeout;
      const headers =
        report.headers === undefined ? request.headers : mergedHeaders(report.headers, request.headers);
      const response = await report.within(() => this.#options.send({ ...request, headers, timeout }));
      const requestId = requestIdOf(response.headers);
      if (requestId !== undefined) this.#requestIds.push(requestId);
      report.head(response.status, requestId);
      const text = request.read === 'text' ? await this.#text(response, timeout) : undefined;
      report.responded();
      return { response, text };
    } catch (error) {
      if (request.signal?.aborted) {
        report.aborted();
        throw new Aborted(request.signal.reason);
      }
      // A certificate or a key that cannot be used: nothing was sent, and nothing will be.
      if (isConfigError(error)) {
        report.failed({ code: 'config', reason: 'config' });
        throw error;
      }
      const failure = failureOf(error, request, { attempts: attempt, requestIds: [...this.#requestIds] });
      report.failed({ code: failure.code, reason: reasonOf(failure) });
      throw this.#isRepeated(error)
        ? new RetryableFailure(reasonOf(failure), undefined, { error: failure })
        : failure;
    }
  }

  #text(response: Response, timeout: number): Promise<string> {
    const { maxBody } = this.#options;
    return response.ok
      ? readText(response, { timeout, most: this.#request.maxBody ?? maxBody, beyond: 'throw' })
      : readText(response, { timeout, most: LONGEST_ERROR_BODY, beyond: 'cut' });
  }

  /** Sleeps until the next attempt, or ends the call if there is none to be. */
  async pause(error: unknown, round: number, retriesLeft: number): Promise<void> {
    if (!(error instanceof RetryableFailure) || retriesLeft === 0) return;
    const { clock, random, events, deadline } = this.#options;
    const delay = error.retryAfter ?? random() * Math.min(FIRST_DELAY * 2 ** (round - 1), LONGEST_DELAY);
    const left = this.#startedAt + (this.#request.deadline ?? deadline) - clock.now();
    if (delay > left || delay > LONGEST_RETRY_AFTER) throw new RetryAbandoned(error);
    const { signal } = this.#request;
    if (this.#latest !== undefined)
      events.emit('retry', { ...this.#latest, reason: error.reason, delayMs: delay });
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
    const last = error instanceof RetryAbandoned ? error.last : error;
    if (!(last instanceof RetryableFailure)) throw last;
    if ('error' in last.outcome) throw last.outcome.error;
    return last.outcome.result;
  }

  #mayRepeat(status: number, retryAfter: number | undefined): boolean {
    if (isOneShot(this.#request.body)) return false;
    if (status === 429) return true;
    if (status === 503 && retryAfter !== undefined) return true;
    return this.#request.idempotent && (status === 502 || status === 503 || status === 504);
  }

  /** Whether a call is repeated after it was not answered. */
  #isRepeated(error: unknown): boolean {
    if (error instanceof BodyLimitExceeded || isOneShot(this.#request.body)) return false;
    if (error instanceof TimeLimitExceeded) return this.#request.idempotent;
    const { permanent, unsent } = connectionFailureOf(error);
    return !permanent && (unsent || this.#request.idempotent);
  }
}

/** Stops p-retry: what comes next would be too late. */
class RetryAbandoned extends Error {
  readonly last: RetryableFailure;
  constructor(last: RetryableFailure) {
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

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const LONGEST_RETRY_AFTER = 60_000;
