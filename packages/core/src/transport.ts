import ky, { isTimeoutError, type Options } from 'ky';
import { type Send, TimeLimitPassed, type WireRequest } from './exchange.ts';

/** How to reach the wire; what none of it names is left to the platform's `fetch`. */
export interface TransportOptions {
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** An undici dispatcher for proxies and TLS, or a function that makes it when the first request is sent. */
  readonly dispatcher?: (() => Promise<unknown>) | undefined;
}

/**
 * The wire: the only file that knows ky.
 *
 * ky is told to do one thing, once: its own retries are off (retry.ts owns them, and ky would buffer a streamed
 * body to be able to repeat it), its timeout is for the head of the answer (retry.ts times the body), and a status
 * is never an exception (request.ts knows what a status means).
 *
 * Every option is given with the request: an instance (`ky.create`) merges its defaults into each request anew,
 * which costs three times what all else of ky does.
 */
export function createSend(options: TransportOptions = {}): Send {
  const settings: Options = { retry: 0, throwHttpErrors: false, redirect: 'manual' };
  if (options.fetch !== undefined) settings.fetch = options.fetch;
  return async (request) => {
    const { timeout = Infinity } = request;
    const wire: Options = {
      ...settings,
      method: request.method,
      headers: request.headers,
      timeout: Number.isFinite(timeout) ? timeout : false,
    };
    if (request.body !== undefined) wire.body = bodyOf(request.body);
    if (request.signal !== undefined) wire.signal = request.signal;
    // Not in ky's types, yet passed on to fetch with every other option that it does not know.
    if (options.dispatcher !== undefined) Object.assign(wire, { dispatcher: await options.dispatcher() });
    try {
      return await ky(request.url, wire);
    } catch (error) {
      // ky takes the signal's own TimeoutError for its own.
      if (isTimeoutError(error) && !request.signal?.aborted) throw new TimeLimitPassed(timeout, error.cause);
      throw error;
    }
  };
}

function bodyOf(body: NonNullable<WireRequest['body']>): NonNullable<Options['body']> {
  return typeof body === 'function' ? ReadableStream.from(body()) : body;
}
