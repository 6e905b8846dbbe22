import { createHmac } from 'node:crypto';
import { type Clock, Secret, systemClock } from '@groundcrew/core';
import type { Channel } from './channel.ts';

export interface WebhookOptions {
  /** Of the channel. @default 'webhook' */
  readonly name?: string | undefined;
  /** Often holds a token: give it as a `Secret`. */
  readonly url: string | Secret;
  /** Signs the body: header `x-groundcrew-signature: sha256=…` (HMAC). */
  readonly secret?: string | Secret | undefined;
  /** Seconds for one attempt. @default 10 */
  readonly timeout?: number | undefined;
  /** Attempts, with a pause that doubles from a second on. @default 4 */
  readonly attempts?: number | undefined;
  readonly clock?: Pick<Clock, 'now' | 'sleep'> | undefined;
}

/** A receiver that could not be told. It does not show the URL's path, which may be a secret. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly status: number | undefined;

  constructor(
    message: string,
    options: { readonly status?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status;
  }
}

/**
 * Posts messages as JSON: `{ id, channel, subject, text, findings }`. Answers of 5xx, 408, 425, 429 and broken connections
 * are tried again, with the same `id`; other answers but 2xx are final.
 *
 * @throws TypeError for a URL that is none
 */
export function webhook(options: WebhookOptions): Channel {
  const { name = 'webhook', timeout = 10, attempts = 4, clock = systemClock } = options;
  const url = new URL(Secret.of(options.url).reveal());
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError(`url: ${url.protocol} is no http`);
  const place = url.origin;
  return {
    name,
    async send(message, { signal }) {
      const body = JSON.stringify(message);
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (options.secret !== undefined)
        headers['x-groundcrew-signature'] =
          `sha256=${createHmac('sha256', Secret.of(options.secret).reveal()).update(body).digest('hex')}`;
      for (let attempt = 1; ; attempt += 1) {
        const failure = await post(url, { body, headers, timeout, signal, place });
        if (failure === undefined) return;
        if (!failure.again || attempt >= attempts) throw failure.error;
        await clock.sleep(1_000 * 2 ** (attempt - 1), signal);
      }
    },
  };
}

interface Post {
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly place: string;
}

async function post(
  url: URL,
  { body, headers, timeout, signal, place }: Post,
): Promise<{ readonly again: boolean; readonly error: WebhookError } | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout * 1_000)]),
    });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    const { status } = answer;
    const again = status >= 500 || [408, 425, 429].includes(status);
    return { again, error: new WebhookError(`${place} answered ${status}`, { status }) };
  } catch (cause) {
    signal.throwIfAborted();
    return { again: true, error: new WebhookError(`${place} could not be told`, { cause }) };
  }
}
