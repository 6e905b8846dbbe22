import ky, { type Options } from 'ky';
import type { Send, WireRequest } from './exchange.ts';

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
 * body to be able to repeat it), its timeout is off (retry.ts times the head and the body together), and a status
 * is never an exception (request.ts knows what a status means).
 *
 * Every option is given with the request: an instance (`ky.create`) merges its defaults into each request anew,
 * which costs three times what all else of ky does.
 */
export function createSend(options: TransportOptions = {}): Send {
  const settings: Options = { retry: 0, timeout: false, throwHttpErrors: false, redirect: 'manual' };
  if (options.fetch !== undefined) settings.fetch = options.fetch;
  return async (request) => {
    const wire: Options = { ...settings, method: request.method, headers: request.headers };
    if (request.body !== undefined) wire.body = bodyOf(request.body);
    if (request.signal !== undefined) wire.signal = request.signal;
    // Not in ky's types, yet passed on to fetch with every other option that it does not know.
    if (options.dispatcher !== undefined) Object.assign(wire, { dispatcher: await options.dispatcher() });
    return ky(request.url, wire);
  };
}

function bodyOf(body: NonNullable<WireRequest['body']>): NonNullable<Options['body']> {
  return typeof body === 'function' ? ReadableStream.from(body()) : body;
}
