import { compareMicroversions } from '@groundcrew/core';
import type { Answer } from './answer.ts';
import { badRequest, forbidden, unauthenticated } from './fault.ts';
import { isRecord, type Json, record } from './wire.ts';
import type { Token } from './services/identity/state.ts';
import type { SimState } from './sim-state.ts';

/** A request with what its handler needs to know of it. */
export class Call {
  readonly state: SimState;
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly microversion: string;
  readonly requestId: string;
  /** URL of the service's versioned endpoint as this client reached it: links begin with it. */
  readonly base: string;
  /** The same without the version. */
  readonly root: string;
  readonly #token: Token | undefined;
  /** The body, parsed; `undefined` of a request without one, and of raw data. */
  body: unknown;

  constructor(parts: {
    readonly state: SimState;
    readonly request: Request;
    readonly url: URL;
    readonly params: Readonly<Record<string, string>>;
    readonly microversion: string;
    readonly requestId: string;
    readonly base: string;
    readonly root: string;
    readonly token: Token | undefined;
    readonly body: unknown;
  }) {
    this.state = parts.state;
    this.request = parts.request;
    this.url = parts.url;
    this.params = parts.params;
    this.microversion = parts.microversion;
    this.requestId = parts.requestId;
    this.base = parts.base;
    this.root = parts.root;
    this.#token = parts.token;
    this.body = parts.body;
  }

  /** Makes a request by the same caller for another handler. A service asks another so, with its caller's token. */
  to(parts: {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: URLSearchParams;
    readonly body?: unknown;
    readonly microversion?: string;
  }): Call {
    const url = new URL(this.url);
    url.search = parts.query?.toString() ?? '';
    return new Call({
      state: this.state,
      request: this.request,
      url,
      params: parts.params ?? {},
      microversion: parts.microversion ?? this.microversion,
      requestId: this.requestId,
      base: this.base,
      root: this.root,
      token: this.#token,
      body: parts.body,
    });
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }

  get now(): number {
    return this.state.clock.now();
  }

  get token(): Token {
    if (this.#token === undefined) throw unauthenticated();
    return this.#token;
  }

  get admin(): boolean {
    return this.token.roles.some((role) => role.name === 'admin');
  }

  get userId(): string {
    return this.token.user.id;
  }

  /** Id of the project that the token is scoped to; empty of other scopes. */
  get projectId(): string {
    return this.token.project?.id ?? '';
  }

  /** Tells whether the microversion of the request is this one or newer. */
  atLeast(version: string): boolean {
    return compareMicroversions(this.microversion, version) >= 0;
  }

  param(name: string): string {
    return this.params[name] ?? '';
  }

  /** The object under `key` in the body. */
  envelope(key: string): Json {
    const inner = record(this.body)[key];
    if (!isRecord(inner)) throw badRequest(`'${key}' is a required property`);
    return inner;
  }

  /** Tells whether the caller may see and change what belongs to this project. */
  owns(projectId: string | null | undefined): boolean {
    return this.admin || projectId === this.projectId;
  }
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** Handlers by route: `GET servers/{id}`, `POST servers/{id}/action#os-start`. */
export type Routes = { readonly [route: string]: Handler };

/** Makes a handler for administrators only. It refuses others with the name of the policy's rule. */
export const admin =
  (rule: string, handler: Handler): Handler =>
  (call) => {
    if (!call.admin) throw forbidden(rule, 'policy');
    return handler(call);
  };

/**
 * Makes a handler for administrators only, for a service that looks the resource up before it asks its policy: a missing
 * one is a 404 to everybody.
 */
export const adminOf =
  (find: (call: Call) => unknown, rule: string, handler: Handler): Handler =>
  (call) => {
    find(call);
    return admin(rule, handler)(call);
  };
