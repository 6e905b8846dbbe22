import { aClock, aPositiveDuration, type Duration, parseArguments } from '@groundcrew/ground';
import { type Clock, GroundcrewError, InputError, Secret, systemClock } from '@groundcrew/core';
import pRetry from 'p-retry';
import { z } from 'zod';
import type { Channel } from './channel.ts';
import { webhookId, webhookKey, webhookSignature } from './webhook-signature.ts';

export interface WebhookOptions {
  /** The name of the channel. @default 'webhook' */
  readonly name?: string | undefined;
  /** Often holds a token: give it as a `Secret`. Userinfo in it is sent as Basic authorization. */
  readonly url: string | Secret;
  /** Signs each message by Standard Webhooks: `whsec_` and the base64 of 24 to 64 random bytes. */
  readonly secret?: string | Secret | undefined;
  /** The time for one attempt. @default '10s' */
  readonly timeout?: Duration | undefined;
  /** Attempts, with a pause that doubles from a second on. @default 4 */
  readonly attempts?: number | undefined;
  readonly clock?: Pick<Clock, 'now' | 'sleep'> | undefined;
}

/** A receiver that could not be told. Nothing of its URL but the origin is in it: the path may be a secret. */
export class WebhookError extends GroundcrewError {
  readonly code = 'webhook';
  /** The HTTP status of the answer; `undefined` if there was none. */
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
  timeout: aPositiveDuration.optional(),
  attempts: z.int().min(1).optional(),
  clock: aClock.optional(),
});

const wrong = (why: string): InputError =>
  new InputError(`url: ${why}`, { field: 'url', operation: 'webhook' });

/** The receiver's address, and the credentials for it. Errors of `URL` and `fetch` would quote the whole URL. */
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
 * Posts messages as JSON: `{ id, channel, subject, text, findings }`, with the headers of Standard Webhooks
 * (standardwebhooks.com): `webhook-id`, `webhook-timestamp`, and with a secret `webhook-signature`. Answers of 5xx, 408,
 * 425, 429 and broken connections are tried again with the same id; other answers but 2xx are final.
 *
 * @throws InputError that names the option, and shows nothing of it
 */
export function webhook(options: WebhookOptions): Channel {
  const { timeout = 10_000, attempts = 4 } = parseArguments('webhook', optionsSchema, options);
  const { name = 'webhook', clock = systemClock, secret } = options;
  const { url, headers } = targetOf(Secret.of(options.url).reveal());
  const key = secret === undefined ? undefined : webhookKey(secret);
  return {
    name,
    async send(message, { signal }) {
      const body = JSON.stringify(message);
      const id = webhookId(message.id);
      const attempt = (): Promise<void> => {
        // The time of the attempt, not of the message: receivers refuse what is old, as a replay.
        const timestamp = Math.floor(clock.now() / 1_000);
        const signature =
          key === undefined ? {} : { 'webhook-signature': webhookSignature(key, { id, timestamp, body }) };
        const own = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), ...signature };
        return post(url, body, { ...headers, ...own }, timeout, signal);
      };
      await pRetry(attempt, {
        retries: attempts - 1,
        // p-retry's own delays are nil: the delays are slept on the injected clock.
        minTimeout: 0,
        maxTimeout: 0,
        randomize: false,
        shouldRetry: ({ error }) => error instanceof PassingFailure,
        onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
          if (retriesLeft > 0 && error instanceof PassingFailure)
            await clock.sleep(1_000 * 2 ** (attemptNumber - 1), signal);
        },
      }).catch((error: unknown) => {
        // Its reason may be no Error, which p-retry does not take.
        signal.throwIfAborted();
        throw error instanceof PassingFailure ? error.outcome : error;
      });
    },
  };
}

/** A failure that may pass: the message is sent again. */
class PassingFailure extends Error {
  readonly outcome: WebhookError;

  constructor(outcome: WebhookError) {
    super(outcome.message);
    this.outcome = outcome;
  }
}

async function post(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  timeout: number,
  signal: AbortSignal,
): Promise<void> {
  let answer: Response;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    answer = await fetch(url, { method: 'POST', body, headers, redirect: 'error', signal: limit });
    await answer.body?.cancel();
  } catch (cause) {
    signal.throwIfAborted();
    throw new PassingFailure(new WebhookError(`${url.origin} could not be told: ${reasonOf(cause)}`));
  }
  const { ok, status } = answer;
  if (ok) return;
  const error = new WebhookError(`${url.origin} answered ${status}`, { status });
  throw status >= 500 || [408, 425, 429].includes(status) ? new PassingFailure(error) : error;
}

/** The cause by its code: messages of the layers below may quote what was sent. */
function reasonOf(cause: unknown): string {
  const below: unknown = cause instanceof Error ? cause.cause : undefined;
  for (const error of [below, cause]) {
    if (!(error instanceof Error)) continue;
    if ('code' in error && typeof error.code === 'string') return error.code;
    if (error.name === 'TimeoutError') return 'it did not answer in time';
  }
  return 'the connection failed, or it redirects';
}
