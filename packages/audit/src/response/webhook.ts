import { aClock, parseArguments } from '@groundcrew/ground';
import { createHmac } from 'node:crypto';
import { type Clock, GroundcrewError, InputError, Secret, systemClock } from '@groundcrew/core';
import { z } from 'zod';
import type { Channel } from './channel.ts';

export interface WebhookOptions {
  /** Of the channel. @default 'webhook' */
  readonly name?: string | undefined;
  /** Often holds a token: give it as a `Secret`. Userinfo in it is sent as Basic authorization. */
  readonly url: string | Secret;
  /** Signs the body: header `x-groundcrew-signature: sha256=…` (HMAC). */
  readonly secret?: string | Secret | undefined;
  /** Seconds for one attempt. @default 10 */
  readonly timeout?: number | undefined;
  /** Attempts, with a pause that doubles from a second on. @default 4 */
  readonly attempts?: number | undefined;
  readonly clock?: Pick<Clock, 'now' | 'sleep'> | undefined;
}

/** A receiver that could not be told. Nothing of its URL but the origin is in it: the path may be a secret. */
export class WebhookError extends GroundcrewError {
  readonly code = 'webhook';
  /** What it answered; `undefined` if it did not. */
  readonly status: number | undefined;

  constructor(message: string, options: { readonly status?: number | undefined } = {}) {
    super(message, {
      remedy: 'See that it is reached from here, and that its URL and its token are still right.',
    });
    this.status = options.status;
  }
}

const optionsSchema = z.strictObject({
  name: z.string().trim().min(1).optional(),
  url: z.union([z.string(), z.instanceof(Secret)]),
  secret: z.union([z.string().min(1), z.instanceof(Secret)]).optional(),
  timeout: z.number().positive().optional(),
  attempts: z.int().min(1).optional(),
  clock: aClock.optional(),
});

const wrong = (why: string): InputError =>
  new InputError(`url: ${why}`, { field: 'url', operation: 'webhook' });

/** Where it goes, and how one says there who one is. Errors of `URL` and `fetch` would quote the whole of it. */
function targetOf(text: string): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = URL.parse(text);
  if (url === null) throw wrong('is no URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrong('is no http or https');
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (url.username !== '' || url.password !== '') {
    let userinfo: string;
    try {
      userinfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    } catch {
      throw wrong('has userinfo that is not encoded as URLs have it');
    }
    headers['authorization'] = `Basic ${Buffer.from(userinfo).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  return { url, headers };
}

/**
 * Posts messages as JSON: `{ id, channel, subject, text, findings }`. Answers of 5xx, 408, 425, 429 and broken connections
 * are tried again, with the same `id`; other answers but 2xx are final.
 *
 * @throws InputError that names the option, and shows nothing of it
 */
export function webhook(options: WebhookOptions): Channel {
  parseArguments('webhook', optionsSchema, options);
  const { name = 'webhook', timeout = 10, attempts = 4, clock = systemClock } = options;
  const { url, headers: common } = targetOf(Secret.of(options.url).reveal());
  const place = url.origin;
  return {
    name,
    async send(message, { signal }) {
      const body = JSON.stringify(message);
      const headers = { ...common };
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
    return { again: true, error: new WebhookError(`${place} could not be told: ${reasonOf(cause)}`) };
  }
}

/** What went wrong, by its code: messages of the layers below may quote what was sent. */
function reasonOf(cause: unknown): string {
  const below: unknown = cause instanceof Error ? cause.cause : undefined;
  for (const error of [below, cause]) {
    if (!(error instanceof Error)) continue;
    if ('code' in error && typeof error.code === 'string') return error.code;
    if (error.name === 'TimeoutError') return 'it did not answer in time';
  }
  return 'the connection failed, or it redirects';
}
