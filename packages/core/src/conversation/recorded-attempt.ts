import { randomUUID } from 'node:crypto';
import { findSecrets } from '@groundcrew/ground';
import { connectionFailureOf } from '../wire/connection-failure.ts';
import { attemptOf } from '../wire/attempt-of.ts';
import type { SentRequest } from '../wire/exchange.ts';
import { requestIdOf } from '../wire/request-id.ts';
import type { ConversationSecrets } from './conversation-secrets.ts';
import { microversionIn } from './microversion-in.ts';
import { left, recordedAnswerBody, recordedRequestBody } from './recorded-bodies.ts';
import type { RecordedAnswer, RecordedBody, RecordedExchange, RecordedFailure } from './recorded-exchange.ts';
import { recordedHeaders, secretsInHeaders } from './recorded-headers.ts';
import { tappedBody } from './tapped-body.ts';
import { pathWithoutSecrets, urlWithoutSecrets } from './url-without-secrets.ts';

type FetchArguments = Parameters<typeof fetch>;

interface AttemptOptions {
  readonly input: FetchArguments[0];
  readonly init: FetchArguments[1];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly maxBody: number;
  readonly secrets: ConversationSecrets;
}

interface End {
  readonly answer?: RecordedAnswer | undefined;
  readonly failure?: RecordedFailure | undefined;
}

/** Follows one request on the wire, and tells of it once. Nothing that it does can fail the request. */
export class RecordedAttempt {
  readonly #options: AttemptOptions;
  readonly #ended: (attempt: RecordedAttempt, make: () => RecordedExchange) => void;
  readonly #startedAt = performance.now();
  readonly #sent: SentRequest | undefined;
  #response: Response | undefined;
  #isOver = false;

  constructor(
    options: AttemptOptions,
    ended: (attempt: RecordedAttempt, make: () => RecordedExchange) => void,
  ) {
    const { input } = options;
    this.#options = options;
    this.#ended = ended;
    this.#sent = input instanceof Request ? attemptOf(input) : undefined;
  }

  /** The answer to hand on: one whose body tells of its end, if that is to be recorded. */
  answered(response: Response): Response {
    this.#response = response;
    const { status, body, statusText, headers } = response;
    if (body === null || this.#method === 'HEAD') {
      this.#end(() => ({ answer: this.#answer(response, undefined) }));
      return response;
    }
    // The bytes of an image: the caller reads them, whenever and as fast as it likes.
    const isStream = this.#sent === undefined ? !isText(headers) : this.#sent.read !== 'text';
    if (isStream && response.ok) {
      this.#end(() => ({ answer: this.#answer(response, left('stream')) }));
      return response;
    }
    const { maxBody, secrets } = this.#options;
    const tapped = tappedBody(body, maxBody, (end) => {
      this.#end(() => {
        const type = headers.get('content-type') ?? '';
        secrets.add(secretsInHeaders(headers));
        const facts = { url: this.#url, isOk: response.ok, type, secrets };
        const answer = this.#answer(response, recordedAnswerBody(end, facts));
        return end.kind === 'broken' ? { answer, failure: this.#failure(end.error, 'cut-off') } : { answer };
      });
    });
    try {
      const copy = new Response(tapped, { status, statusText, headers });
      // A response that was not fetched has none, and links are resolved by it.
      Object.defineProperty(copy, 'url', { value: response.url });
      return copy;
    } catch {
      // A status that no `Response` can be made with, such as 999.
      this.#end(() => ({ answer: this.#answer(response, left('unread')) }));
      return response;
    }
  }

  failed(error: unknown): void {
    this.#end(() => ({ failure: this.#failure(error, undefined) }));
  }

  /** The recording ends before this does. */
  abandon(): void {
    const response = this.#response;
    this.#end(() =>
      response === undefined
        ? {
            failure: {
              kind: 'aborted',
              reason: 'aborted',
              message: 'the recording ended before the answer came',
            },
          }
        : { answer: this.#answer(response, left('unread')) },
    );
  }

  #end(make: () => End): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const durationMs = Math.round((performance.now() - this.#startedAt) * 1000) / 1000;
    this.#ended(this, () => this.#exchange(durationMs, make));
  }

  #exchange(durationMs: number, make: () => End): RecordedExchange {
    const { secrets, maxBody, at } = this.#options;
    const headers = this.#headers;
    // First of all: what follows is written without them.
    secrets.add(this.#secrets(headers));
    const body = recordedRequestBody(this.#body, { url: this.#url, maxBody, secrets });
    const end = make();
    const { service, operation } = this.#sent ?? {};
    const globalRequestId = headers.get('x-openstack-request-id');
    return {
      version: 1,
      id: `req-${randomUUID()}`,
      at: new Date(at).toISOString(),
      durationMs,
      ...defined({ service, operation }),
      method: this.#method,
      ...this.#place(),
      ...defined({
        microversion: microversionIn(headers),
        globalRequestId: globalRequestId === null ? undefined : secrets.text(globalRequestId),
      }),
      request: {
        headers: recordedHeaders(headers, (value) => secrets.text(value)),
        ...defined({ body }),
      },
      ...defined(end),
    };
  }

  /** The URL, and the part of it that is the service's endpoint. */
  #place(): Pick<RecordedExchange, 'url' | 'endpoint'> {
    const { secrets } = this.#options;
    const base = this.#sent?.base;
    if (base === undefined || !this.#url.startsWith(`${base}/`))
      return { url: urlWithoutSecrets(secrets.known(this.#url)) };
    const endpoint = urlWithoutSecrets(secrets.known(base)).replace(/\/$/, '');
    const path = pathWithoutSecrets(secrets.known(this.#url.slice(base.length + 1)));
    return { url: `${endpoint}/${path}`, endpoint };
  }

  #answer(response: Response, body: RecordedBody | undefined): RecordedAnswer {
    const { secrets } = this.#options;
    const requestId = requestIdOf(response.headers);
    secrets.add(secretsInHeaders(response.headers));
    return {
      status: response.status,
      ...defined({ requestId: requestId === undefined ? undefined : secrets.text(requestId) }),
      headers: recordedHeaders(response.headers, (value) => secrets.text(value)),
      ...defined({ body }),
    };
  }

  #failure(error: unknown, kind: 'cut-off' | undefined): RecordedFailure {
    const own = this.#sent === undefined ? this.#options.init?.signal : this.#sent.signal;
    if (own?.aborted) return { kind: 'aborted', reason: 'aborted', message: 'the caller aborted it' };
    // Not by the caller: by the time limit of the attempt.
    if (this.#options.init?.signal?.aborted)
      return {
        kind: 'timeout',
        reason: 'timeout',
        message: 'no answer within the time limit of the attempt',
      };
    const why = connectionFailureOf(error);
    const message = this.#options.secrets.text(why.message);
    return { kind: kind ?? why.kind, reason: why.reason, message };
  }

  #secrets(headers: Headers): string[] {
    const url = this.#url;
    return [
      ...secretsInHeaders(headers),
      ...(this.#sent?.secrets?.() ?? []),
      // A console's token is a segment of the path.
      ...findSecrets(url).map(({ start, end }) => url.slice(start, end)),
    ];
  }

  get #url(): string {
    const { input } = this.#options;
    return this.#sent?.url ?? (input instanceof Request ? input.url : String(input));
  }

  get #method(): string {
    const { input, init } = this.#options;
    const method = this.#sent?.method ?? init?.method ?? (input instanceof Request ? input.method : 'GET');
    return method.toUpperCase();
  }

  get #headers(): Headers {
    const { input, init } = this.#options;
    if (this.#sent !== undefined) return new Headers(this.#sent.headers);
    return new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  }

  get #body(): unknown {
    const { input, init } = this.#options;
    if (this.#sent !== undefined) return this.#sent.body;
    // The body of a `Request` is a stream: to read it would take it from who sends it.
    return init?.body ?? (input instanceof Request ? input.body : undefined);
  }
}

/** Whether it is text that a client reads as a whole, of what is none of a client's calls. */
const isText = (headers: Headers): boolean =>
  /\b(?:json|html|xml)\b|^text\//i.test(headers.get('content-type') ?? '');

/** Without the fields that are not there: a line of JSON has none either. */
const defined = <T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
