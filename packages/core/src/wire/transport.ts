import ky, { isTimeoutError, type Options } from 'ky';
import { tellAttempt } from './attempt-of.ts';
import { type Send, TimeLimitExceeded, type WireRequest } from './exchange.ts';

/** The means of sending requests; `fetch` of the platform has the defaults. */
export interface TransportOptions {
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** An undici dispatcher for proxies and TLS, or a function that makes it when the first request is sent. */
  readonly dispatcher?: (() => Promise<unknown>) | undefined;
}

/**
 * The wire: the only file that knows ky.
 *
 * ky is told to do one thing, once: its own retries are off (retry.ts owns them), its timeout is for the head of the
 * answer (retry.ts times the body), and a status is never an exception (request.ts knows what a status means).
 *
 * It gets the address, the signal and the time limit; method, headers and body are put on by the innermost fetch. ky
 * would copy headers three times on their way, at a third of what a small request costs, and would hold a body in
 * order to be able to repeat it. For the same reason there is no `ky.create`: an instance merges its defaults into
 * each request anew.
 */
export function createSend(options: TransportOptions = {}): Send {
  return async (request) => {
    const { timeout = Infinity, signal } = request;
    const init: RequestInit = { method: request.method, headers: request.headers, redirect: 'manual' };
    if (request.body !== undefined) init.body = bodyOf(request.body);
    if (init.body instanceof ReadableStream) {
      // undici's fetch keeps a copy of a body, in case it is redirected or asked for by a user agent: of a stream, all
      // of it, in memory. It does not where neither can be (undici `lib/web/fetch`, HTTP-network-or-cache fetch).
      Object.assign(init, { duplex: 'half', redirect: 'error', window: null });
    }
    if (options.dispatcher !== undefined) Object.assign(init, { dispatcher: await options.dispatcher() });
    const innermost = (envelope: Request): Promise<Response> => {
      init.signal = envelope.signal;
      if (options.fetch === undefined) return fetch(request.url, init);
      // A `fetch` of the user's may be one that knows nothing but requests.
      const asked = new Request(request.url, init);
      tellAttempt(asked, request);
      return options.fetch(asked, init);
    };
    try {
      return await ky(request.url, {
        retry: 0,
        throwHttpErrors: false,
        timeout: Number.isFinite(timeout) ? timeout : false,
        ...(signal === undefined ? {} : { signal }),
        fetch: innermost as NonNullable<Options['fetch']>,
      });
    } catch (error) {
      // ky takes the signal's own TimeoutError for its own.
      if (isTimeoutError(error) && !signal?.aborted) throw new TimeLimitExceeded(timeout, error.cause);
      throw error;
    }
  };
}

function bodyOf(body: NonNullable<WireRequest['body']>): NonNullable<RequestInit['body']> {
  return typeof body === 'function' ? ReadableStream.from(body()) : body;
}
