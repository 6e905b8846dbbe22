import { factsOf } from '../wire/call-facts.ts';
import { type Clock, Secret } from '@groundcrew/ground';
import { Discovery } from '../discovery/discovery.ts';
import { splitEndpoint } from '../discovery/endpoint-url.ts';
import { redactUrl } from '../wire/curl.ts';
import { isEndpointError } from '../errors/guards.ts';
import { AuthError, ConfigError } from '../errors/errors.ts';
import type { Exchange, ExchangeRequest } from '../wire/exchange.ts';
import { isServiceFault } from '../errors/fault.ts';
import { type Entry, required } from './auth-keys.ts';
import { tokenRequest, wireText } from './credentials.ts';
import { expiryOf } from './expiry.ts';
import { assertFixedScope } from './fixed-scope.ts';
import { withoutSecrets } from '../wire/sent-secrets.ts';
import { refusal } from './refusal.ts';
import { hasScope } from './scope.ts';
import { type Grant, readToken } from './token.ts';

export interface KeystoneOptions {
  readonly entry: Entry;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
}

export interface GrantOptions {
  readonly signal: AbortSignal;
  /** Milliseconds for all attempts. */
  readonly deadline?: number | undefined;
}

/** The part of Keystone that hands out tokens. */
export class Keystone {
  readonly #options: KeystoneOptions;
  readonly #discovery: Discovery;

  constructor(options: KeystoneOptions) {
    this.#options = options;
    this.#discovery = new Discovery(options);
  }

  /**
   * Exchanges the credentials for a token. A token that was handed in is exchanged only if another scope is
   * asked for; without one it is used as it is, with what Keystone says of it.
   */
  grant(options: GrantOptions): Promise<Grant> {
    const { entry } = this.#options;
    if (entry.auth_type === 'token' && !hasScope(entry))
      return this.#confirm(required(entry, 'token'), options);
    return this.#create(options);
  }

  /** Makes a token worthless before its time. */
  async revoke(token: Secret, signal: AbortSignal | undefined): Promise<void> {
    const value = token.reveal();
    const headers = { 'x-auth-token': value, 'x-subject-token': value };
    const request = await this.#request('tokens.revoke', 'DELETE', headers, undefined, { signal });
    const { response, ...result } = await this.#options.exchange(request);
    // Keystone's own 401 and 404: it was worthless already.
    const isOver = (response.status === 401 || response.status === 404) && isServiceFault(result.text ?? '');
    if (response.ok || isOver) return;
    throw this.#refusal(request, { response, ...result });
  }

  async #create(options: GrantOptions): Promise<Grant> {
    const { entry, exchange, clock } = this.#options;
    const body = wireText(tokenRequest(entry));
    const request = await this.#request(
      'tokens.create',
      'POST',
      { 'content-type': 'application/json' },
      body,
      options,
    );
    const result = await exchange(request);
    const receivedAt = clock.now();
    const value = result.response.headers.get('x-subject-token');
    const token = result.response.ok ? readToken(tryJson(result.text)) : undefined;
    if (token === undefined || value === null || value === '') throw this.#refusal(request, result);
    const { facts, catalog } = token;
    assertFixedScope(entry, facts);
    const expiresAt = expiryOf({ ...facts, date: result.response.headers.get('date'), receivedAt });
    return { ...facts, catalog, value: new Secret(value), expiresAt };
  }

  async #confirm(value: Secret, options: GrantOptions): Promise<Grant> {
    const { exchange, clock } = this.#options;
    const headers = {
      'x-auth-token': value.reveal(),
      'x-subject-token': value.reveal(),
      ...KNOWS_ACCESS_RULES,
    };
    const request = await this.#request('tokens.get', 'GET', headers, undefined, options);
    const result = await exchange(request);
    const token = result.response.ok ? readToken(tryJson(result.text)) : undefined;
    if (token === undefined) throw this.#refusal(request, result);
    const { facts, catalog } = token;
    const date = result.response.headers.get('date');
    const expiresAt = expiryOf({ expires_at: facts.expires_at, date, receivedAt: clock.now() });
    return { ...facts, catalog, value, expiresAt };
  }

  async #request(
    operation: string,
    method: string,
    headers: Record<string, string>,
    body: string | undefined,
    options: { readonly signal: AbortSignal | undefined; readonly deadline?: number | undefined },
  ): Promise<ExchangeRequest> {
    return {
      service: 'identity',
      operation,
      route: 'auth/tokens',
      method,
      url: `${await this.#base(options.signal)}/auth/tokens`,
      headers: { accept: 'application/json', ...headers },
      body,
      // Another token more does no harm.
      idempotent: true,
      read: 'text',
      timeout: this.#options.timeout,
      deadline: options.deadline,
      signal: options.signal,
    };
  }

  /** The URL of v3. `auth_url` may have it, may be the root, or be that of the v2.0 of old. */
  async #base(signal: AbortSignal | undefined): Promise<string> {
    const { entry } = this.#options;
    const url = required(entry, 'auth_url').replace(/\/auth\/tokens\/*$/, '');
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw new ConfigError(`cloud ${entry.name}: auth.auth_url is not an http(s) URL`, {
        key: 'auth.auth_url',
        remedy: 'It looks like https://keystone.example.com:5000/v3.',
      });
    }
    const service = { name: 'identity', type: 'identity', major: '3' };
    const { base, note } = await this.#discovery
      .resolve({ service, url }, { signal })
      .catch((error: unknown) => {
        if (!isEndpointError(error)) throw error;
        throw new AuthError(`cloud ${entry.name}: ${error.message}`, {
          url: redactUrl(url),
          remedy: 'Is auth_url that of Keystone? It must speak v3, as every Keystone since 2013 does.',
          cause: error,
        });
      });
    // It told nothing of its versions: v3 is where every Keystone has it.
    return note === undefined ? base : `${splitEndpoint(url).root}v3`;
  }

  #refusal(request: ExchangeRequest, result: Awaited<ReturnType<Exchange>>): Error {
    const { entry, clock } = this.#options;
    const { response } = result;
    // Some services, and proxies before them, repeat the request in their error.
    const secrets = Object.values(entry.auth).flatMap((value) =>
      value instanceof Secret ? [value.reveal()] : [],
    );
    const text = withoutSecrets(result.text ?? '', secrets);
    return refusal({ entry, response, text, facts: factsOf(request, result), now: clock.now() });
  }
}

/**
 * Without it Keystone answers 404 for a valid token of an application credential with access rules, lest one who does not
 * know of them lets everything through (`validate_token` in `keystone/token/provider.py`). Here nothing is let through:
 * each service enforces the rules itself.
 */
const KNOWS_ACCESS_RULES = { 'openstack-identity-access-rules': '1.0' } as const;

function tryJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
