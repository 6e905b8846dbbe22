import { factsOf } from '../wire/call-facts.ts';
import type { Clock, Secret } from '@groundcrew/ground';
import { redactUrl } from '../wire/curl.ts';
import type { Exchange, ExchangeRequest, ExchangeResult } from '../wire/exchange.ts';
import { httpError } from '../wire/http-error.ts';
import { withoutSecrets } from '../wire/sent-secrets.ts';
import { requestIdOf } from '../wire/request-id.ts';
import { type ApiVersion, readVersions } from './version-document.ts';

/** The outcome of asking one URL for its version document. */
export type Asked =
  | { readonly kind: 'document'; readonly versions: readonly ApiVersion[] }
  /** It may be there for who has a token. `served`: what closes it is Keystone's middleware, so that a service is there. */
  | { readonly kind: 'closed'; readonly why: string; readonly served: boolean }
  /** There is none. `served`: what was answered is a service's own, and not of a gateway, a proxy or a web server. */
  | { readonly kind: 'none'; readonly why: string; readonly served: boolean }
  /** The service, or a proxy before it, is out of order: it may be there later. */
  | { readonly kind: 'failed'; readonly error: Error };

export interface DocumentRequest {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly timeout: number | undefined;
  /** The service's name, for events and errors. */
  readonly service: string;
  readonly url: string;
  readonly token?: Secret | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks a URL for its version document. Any answer is a result; only no answer at all is an exception.
 *
 * A redirect is followed within the host, and never with a token.
 */
export async function askForVersions(ask: DocumentRequest): Promise<Asked> {
  let url = ask.url;
  for (let hops = 0; ; hops += 1) {
    const request = documentRequest(ask, url);
    const result = await ask.exchange(request);
    const target = redirectOf(result.response, url);
    if (target === undefined) return read(ask, request, result);
    const isFollowed =
      hops < MOST_HOPS && ask.token === undefined && new URL(target).hostname === new URL(url).hostname;
    if (!isFollowed)
      return { kind: 'none', why: `${redactUrl(url)} redirects to ${redactUrl(target)}`, served: false };
    url = target;
  }
}

function read(ask: DocumentRequest, request: ExchangeRequest, result: ExchangeResult): Asked {
  const { response, text = '' } = result;
  const { status } = response;
  const said = `${redactUrl(request.url)} answered ${status}`;
  if (status >= 500 || status === 429) {
    // A debugging page may show the token that it was asked with.
    const shown = withoutSecrets(text, ask.token === undefined ? [] : [ask.token.reveal()]);
    const error = httpError(response, shown, factsOf(request, result), { now: ask.clock.now() });
    return { kind: 'failed', error };
  }
  // keystonemiddleware's `auth_token` answers for whatever stands behind it (`_reject_request`).
  const isFromKeystone = /^\s*keystone\b/i.test(response.headers.get('www-authenticate') ?? '');
  if (status === 401) return { kind: 'closed', why: said, served: isFromKeystone };
  if (!response.ok && status !== 300) return { kind: 'none', why: said, served: false };
  const body = tryJson(text);
  // Links are corrected to where it was asked for, not to where a redirect led: `/volume` → `/volume/`.
  const versions = readVersions(body, response.headers, ask.url);
  if (versions !== undefined) return { kind: 'document', versions };
  const served = isFromService(body, response.headers);
  return { kind: 'none', why: `${said} without a version document`, served };
}

/**
 * Gateways answer 200 with JSON to whatever they are asked: that proves nothing. A service gives its request an id
 * (oslo.middleware's `request_id`), Neutron lists its resources at its version (`neutron/api/versions.py`, `api/views`), and
 * Swift tells of itself (`swift/proxy/controllers/info.py`; radosgw's `/info` has the same key).
 */
function isFromService(body: unknown, headers: Headers): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  return (
    requestIdOf(headers) !== undefined ||
    ('resources' in body && Array.isArray(body.resources)) ||
    ('swift' in body && typeof body.swift === 'object')
  );
}

const documentRequest = (ask: DocumentRequest, url: string): ExchangeRequest => ({
  service: ask.service,
  operation: 'versions',
  route: '',
  method: 'GET',
  url,
  headers: {
    accept: 'application/json',
    ...(ask.token === undefined ? {} : { 'x-auth-token': ask.token.reveal() }),
  },
  idempotent: true,
  read: 'text',
  timeout: ask.timeout,
  signal: ask.signal,
});

/** 300 is no redirect: it is how Keystone, Glance and Cinder answer with a version document. */
function redirectOf(response: Response, url: string): string | undefined {
  const location = response.headers.get('location');
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  return URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MOST_HOPS = 3;
