import type { EventEmitter } from 'eventemitter3';
import type { Clock } from '@groundcrew/ground';
import type { CloudEntry } from '../config/cloud-entry.ts';
import { redactUrl } from '../wire/curl.ts';
import { isConnectionError, isRateLimited, isServerError, isTimeout } from '../errors/guards.ts';
import { AuthError } from '../errors/errors.ts';
import type { CloudEvents, TokenEvent } from '../telemetry/events.ts';
import type { Exchange } from '../wire/exchange.ts';
import { SharedWork } from '../wire/shared-work.ts';
import { given } from './auth-keys.ts';
import { renewalOf } from './expiry.ts';
import { Keystone } from './keystone.ts';
import type { Grant, Token } from './token.ts';

export interface SessionOptions {
  readonly entry: CloudEntry;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly events: EventEmitter<CloudEvents>;
  /** Milliseconds for one attempt to reach Keystone. */
  readonly timeout: number;
  /**
   * Milliseconds before its end at which a token is renewed, but never more than half of its life.
   * @default 120,000
   */
  readonly margin?: number | undefined;
}

/**
 * The token of a client: obtained when first needed, renewed before it ends or when a service rejects it, and
 * requested once however many calls want it.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #keystone: Keystone;
  #generation = 0;
  #current: CurrentToken | undefined;
  #pending: SharedWork<Token> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#keystone = new Keystone(options);
  }

  /**
   * A token that is good for a while; `undefined` if this cloud wants none (`auth_type: none`).
   *
   * While an old token still is good, a Keystone that cannot be reached is no failure.
   *
   * @throws AuthError if Keystone refuses, or a token that was handed in has expired.
   * @throws ConfigError if the entry lacks something.
   */
  async token(signal?: AbortSignal): Promise<Token | undefined> {
    signal?.throwIfAborted();
    if (this.#options.entry.auth_type === 'none') return undefined;
    const current = this.#current;
    if (current === undefined) return this.#obtain('first', signal);
    const now = this.#options.clock.now();
    const expiresAt = current.token.expiresAt ?? Number.POSITIVE_INFINITY;
    if (this.#isHandedIn) {
      if (now >= expiresAt) throw this.#cannotRenew('has expired');
      return current.token;
    }
    if (now < current.renewAt) return current.token;
    try {
      return await this.#obtain('renewal', signal);
    } catch (error) {
      const { clock } = this.#options;
      if (signal?.aborted || !isTransient(error) || clock.now() >= expiresAt) throw error;
      // Not at every call: each would wait for the same failure.
      if (this.#current === current) this.#current = { ...current, renewAt: clock.now() + PAUSE };
      return current.token;
    }
  }

  /**
   * The token to go on with after a service rejected one. If there is a newer one already, it is that: a late 401
   * to an old token costs nothing.
   *
   * @throws AuthError if the token was handed in, and so cannot be renewed.
   */
  async renew(rejected: Token, signal?: AbortSignal): Promise<Token> {
    signal?.throwIfAborted();
    if (this.#isHandedIn) throw this.#cannotRenew('was rejected');
    const current = this.#current;
    if (current !== undefined && current.token.generation > rejected.generation) {
      return (await this.token(signal)) ?? current.token;
    }
    // From now on nobody gets it, not even while its successor is on its way.
    this.#current = undefined;
    return this.#obtain('rejected', signal);
  }

  /** Makes the current token worthless, if it was obtained here; one that was handed in is its owner's. */
  async revoke(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const current = this.#current;
    if (current === undefined || current.token.value === given(this.#options.entry.auth, 'token')) return;
    this.#current = undefined;
    await this.#keystone.revoke(current.token.value, signal);
  }

  get #isHandedIn(): boolean {
    return this.#options.entry.auth_type === 'token';
  }

  #obtain(reason: TokenEvent['reason'], signal: AbortSignal | undefined): Promise<Token> {
    if (this.#pending === undefined || this.#pending.isOver) {
      this.#pending = new SharedWork((whileWanted) => this.#login(reason, whileWanted));
    }
    return this.#pending.join(signal);
  }

  async #login(reason: TokenEvent['reason'], signal: AbortSignal): Promise<Token> {
    const { clock, events, margin = MARGIN } = this.#options;
    const grant = this.#bareToken() ?? (await this.#keystone.grant({ signal, deadline: this.#deadline() }));
    signal.throwIfAborted();
    this.#generation += 1;
    const token: Token = { ...grant, generation: this.#generation };
    const { expiresAt, generation } = token;
    const renewAt =
      expiresAt === undefined ? Number.POSITIVE_INFINITY : renewalOf(expiresAt, clock.now(), margin);
    this.#current = { token, renewAt };
    events.emit('token', { reason, generation, expiresAt });
    return token;
  }

  /** A token without a Keystone: all endpoints are given. */
  #bareToken(): Grant | undefined {
    const { auth } = this.#options.entry;
    const value = given(auth, 'token');
    if (!this.#isHandedIn || value === undefined || given(auth, 'auth_url') !== undefined) return undefined;
    return { value, expiresAt: undefined, catalog: [], methods: [], roles: [], audit_ids: [] };
  }

  /** While the old token is still good, renewing it must not outlast it. */
  #deadline(): number | undefined {
    const expiresAt = this.#current?.token.expiresAt;
    if (expiresAt === undefined) return undefined;
    const left = expiresAt - this.#options.clock.now();
    return left > 0 ? left / 2 : undefined;
  }

  #cannotRenew(what: string): AuthError {
    const { entry } = this.#options;
    return new AuthError(
      `cloud ${entry.name}: the token that was given ${what}, and cannot be renewed from itself`,
      {
        url: redactUrl(given(entry.auth, 'auth_url') ?? ''),
        remedy:
          'Give a new one (`openstack token issue`), or a password or an application credential instead.',
      },
    );
  }
}

interface CurrentToken {
  readonly token: Token;
  /** On the client's clock. */
  readonly renewAt: number;
}

/** Keystone is out of order, as opposed to refusing. */
const isTransient = (error: unknown): boolean =>
  isConnectionError(error) || isTimeout(error) || isServerError(error) || isRateLimited(error);

const MARGIN = 120_000;

/** Milliseconds between two attempts to renew a token that is still good. */
const PAUSE = 10_000;
