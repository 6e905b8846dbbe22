import { findSecrets } from '@groundcrew/ground';
import { limitOf } from '../options/limit.ts';
import { ONE_SHOT } from '../wire/call-failure.ts';
import type { CallOptions } from '../options/call-options.ts';
import type { Connection } from './connection.ts';
import type { ServiceFacts } from '../services/service-facts.ts';
import { curlOf, redactUrl } from '../wire/curl.ts';
import { type CallFacts, DecodeError, MicroversionError } from '../errors/errors.ts';
import type { BodySource, ExchangeResult } from '../wire/exchange.ts';
import { mergedHeaders } from '../wire/headers.ts';
import { httpError, mayTellAbsence } from '../wire/http-error.ts';
import { withoutSecrets } from '../wire/sent-secrets.ts';
import { LONGEST_ERROR_BODY, readText } from '../wire/read-text.ts';

/** A call that knows its service, but not yet where that is or with which token. */
export interface Call {
  readonly service: ServiceFacts;
  /** `servers.get` */
  readonly operation: string;
  /** `servers/{id}` */
  readonly route: string;
  readonly method: string;
  /** Below the service's endpoint, with its query. Or a whole URL below it: the next page. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodySource | undefined;
  /** The secrets that are sent, besides the token: whatever comes back is shown without them. @default none */
  readonly secrets?: (() => readonly string[]) | undefined;
  /** Asked for, and checked in the answer. */
  readonly microversion?: string | undefined;
  readonly idempotent: boolean;
  /** `stream` leaves the body of a success unread. @default 'text' */
  readonly read?: 'text' | 'stream';
}

/** A success, and what an error that is found later needs to say of the call. */
export interface Reply {
  readonly response: Response;
  /** The body, unless it is to be streamed. */
  readonly text: string;
  readonly facts: CallFacts;
}

/**
 * Makes a call: endpoint, token, microversion, one renewal of the token on a 401, errors. Every record, page and
 * raw request comes through here; below it are only retries and the wire.
 */
export async function request(connection: Connection, call: Call, options: CallOptions = {}): Promise<Reply> {
  const { signal } = options;
  // The token first: the catalogue, and so the endpoint, comes with it.
  let token = await connection.token(signal);
  const base = await connection.endpoint(call.service, signal);
  const url = `${base}/${call.path}`;
  const attempt = (previous?: ExchangeResult) => {
    const headers = mergedHeaders(
      { accept: 'application/json' },
      options.headers,
      call.headers,
      microversionHeaders(call),
      token === undefined ? undefined : { 'x-auth-token': token.value.reveal() },
    );
    const wire = {
      method: call.method,
      url,
      headers,
      body: call.body,
      signal,
      service: call.service.name,
      operation: call.operation,
      route: call.route,
      base,
      microversion: call.microversion,
      idempotent: call.idempotent,
      read: call.read ?? 'text',
      timeout: limitOf(options.timeout),
      deadline: limitOf(options.deadline),
      retries: options.retries,
      maxBody: options.maxBody,
      secrets: call.secrets,
      previous,
    } as const;
    return connection.exchange(wire).then((result) => ({ ...result, wire }));
  };

  let result = await attempt();
  if (result.response.status === 401 && token !== undefined && !(call.body instanceof ReadableStream)) {
    await result.response.body?.cancel().catch(() => undefined);
    token = await connection.renew(token, signal);
    result = await attempt(result);
  }

  const { response, wire } = result;
  const sent = (): string[] => [
    ...(token === undefined ? [] : [token.value.reveal()]),
    ...(call.secrets?.() ?? []),
    // A console's token is a segment of the path.
    ...findSecrets(url).map(({ start, end }) => url.slice(start, end)),
  ];
  // Only an error, or a body that does not decode, ever looks at these: most calls do not pay for them.
  const facts: CallFacts = {
    service: call.service.name,
    operation: call.operation,
    method: call.method,
    microversion: call.microversion,
    attempts: result.attempts,
    requestIds: result.requestIds,
    get url() {
      return withoutSecrets(redactUrl(url), sent());
    },
    get curl() {
      return withoutSecrets(curlOf(wire), sent());
    },
  };
  if (!response.ok) {
    const text =
      result.text ??
      (await readText(response, ERROR_BODY).catch(() => {
        // Its status was said, and counts: that the words behind it broke off is no other failure.
        options.signal?.throwIfAborted();
        return '';
      }));
    // A debugging page, of the service or of a proxy, may show what it was sent.
    const shown = withoutSecrets(text, sent());
    const isOnce = call.body instanceof ReadableStream && REPEATED.has(response.status);
    throw httpError(response, shown, facts, {
      now: connection.clock.now(),
      remedy: isOnce ? ONE_SHOT : undefined,
      // What tells that a thing is not there must come from the service, and from where it is known to be.
      isConfirmed:
        mayTellAbsence(response, shown, call.method) &&
        (await connection.confirms(call.service, base, signal)),
    });
  }
  verifyMicroversion(call, response);
  return { response, text: result.text ?? '', facts };
}

/** Parses a body as JSON; `undefined` if there is none. */
export function parseJson(reply: Reply): unknown {
  if (reply.text === '') return undefined;
  try {
    return JSON.parse(reply.text);
  } catch {
    // Without its cause: that quotes the text, and in an answer there may be a secret.
    const { service, operation } = reply.facts;
    const type = reply.response.headers.get('content-type') ?? 'no content type';
    const isHtml = /^\s*<(!doctype|html)/i.test(reply.text);
    throw new DecodeError(
      `${service} ${operation}: expected JSON, got ${isHtml ? 'an HTML page' : `${reply.text.length} characters`} (${type})`,
      reply.facts,
      {
        field: '',
        status: reply.response.status,
        remedy: isHtml
          ? 'A proxy, a login page or a dashboard answered instead of the service: is the endpoint in the catalogue right?'
          : 'The answer was cut off or altered on its way.',
      },
    );
  }
}

/** The limits on the error body of a call whose success would have been a stream. */
const ERROR_BODY = { timeout: 60_000, most: LONGEST_ERROR_BODY, beyond: 'cut' } as const;

/** The statuses after which a call is repeated by itself, with a new token or after a pause, if the body can be sent again. */
const REPEATED: ReadonlySet<number> = new Set([401, 429, 502, 503, 504]);

function microversionHeaders({ service, microversion }: Call): Readonly<Record<string, string>> | undefined {
  if (service.microversion === undefined || microversion === undefined) return undefined;
  const { name, legacy } = service.microversion;
  const headers: Record<string, string> = { 'openstack-api-version': `${name} ${microversion}` };
  if (legacy !== undefined) headers[legacy.toLowerCase()] = microversion;
  return headers;
}

/** A service that ignores the header would answer in another shape than the one asked for. */
function verifyMicroversion(call: Call, response: Response): void {
  if (call.microversion === undefined) return;
  const echoed = response.headers.get('openstack-api-version');
  const told = echoed === null ? undefined : /(\d{1,6}\.\d{1,6})\s{0,8}$/.exec(echoed)?.[1];
  if (told === undefined || told === call.microversion) return;
  throw new MicroversionError(
    `${call.service.name} ${call.operation}: asked for microversion ${call.microversion}, answered in ${told}`,
    {
      service: call.service.name,
      asked: call.microversion,
      reason: 'altered',
      remedy: 'A proxy that drops or rewrites headers does this.',
    },
  );
}
