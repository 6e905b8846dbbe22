import { Emitter } from '@groundcrew/ground';
import type { EventEmitter } from 'eventemitter3';
import { Session } from './auth/session.ts';
import type { Token } from './auth/token.ts';
import { bind } from './call/bind.ts';
import { assertText, CALL_OPTIONS, checkOptions, VERSIONS_OPTIONS } from './options/option-checks.ts';
import type { CallOptions } from './options/call-options.ts';
import { type Clock, systemClock } from '@groundcrew/ground';
import type { CloudEntry } from './config/cloud-entry.ts';
import { entryOf } from './config/load.ts';
import { assertConnectOptions, type ConnectOptions } from './config/connect-options.ts';
import type { Connection } from './call/connection.ts';
import type { ServiceFacts } from './services/service-facts.ts';
import { Discovery, type ResolvedEndpoint, type VersionsOptions } from './discovery/discovery.ts';
import type { ApiVersion } from './discovery/version-document.ts';
import { type CloseableDispatcher, dispatcherOf } from './wire/dispatcher.ts';
import { Endpoints } from './call/endpoints.ts';
import { EndpointError } from './errors/errors.ts';
import type { CloudEvents } from './telemetry/events.ts';
import type { Exchange } from './wire/exchange.ts';
import { imageData } from './services/image/data.ts';
import { objectData } from './services/object-store/data.ts';
import { guardInstrumentation } from './telemetry/instrumentation.ts';
import { knownService } from './services/known-services.ts';
import { limitOf } from './options/limit.ts';
import { assertMicroversion, compareMicroversions } from './record/microversion.ts';
import { assertRawRequest, type RawAnswer, type RawRequest, rawRequest } from './call/raw-request.ts';
import { records } from './services/records.ts';
import { createExchange, type CallLimits } from './wire/retry.ts';
import { type Scope, scopedEntry } from './auth/scoped-entry.ts';
import { officialType } from './services/service-types.ts';
import type { Services } from './services/services.ts';
import { createSend } from './wire/transport.ts';
import type { z } from 'zod';

/** A client of one cloud, as one user, in one scope. */
export interface Cloud extends Services, AsyncDisposable {
  /** The name of its entry in `clouds.yaml`; `envvars` or `options` if it has none. */
  readonly name: string;
  readonly region: string | undefined;
  readonly events: EventEmitter<CloudEvents>;
  readonly clock: Clock;

  /**
   * A request for what has no record yet, with authentication, retries and errors like every other.
   *
   * @param service - official type or alias; it need not be a service that has records
   * @example
   * const { body } = await cloud.request('key-manager', { path: 'secrets', schema: Secrets });
   */
  request<S extends z.ZodType = z.ZodUnknown>(
    service: string,
    request: RawRequest<S>,
  ): Promise<RawAnswer<z.output<S>>>;

  /**
   * The versions that a service tells of, microversions included. It needs no role, but the catalogue.
   * @throws EndpointError if this cloud has no such service, or it does not tell.
   */
  versions(service: string, options?: VersionsOptions): Promise<readonly ApiVersion[]>;

  /**
   * Whether a service speaks a microversion.
   * @example
   * const compute = (await cloud.supports('compute', '2.53')) ? cloud.compute.at('2.53') : cloud.compute;
   * @throws EndpointError if it does not tell: then it is not known.
   */
  supports(service: string, microversion: string, options?: VersionsOptions): Promise<boolean>;

  /** The URL that requests to a service go to: for other clients of the same cloud. */
  endpoint(service: string, options?: CallOptions): Promise<string>;

  /** The token that calls are made with, and who it is of; `undefined` if this cloud wants none. */
  token(options?: CallOptions): Promise<Token | undefined>;

  /** The same user in another scope: another token, the same connections. */
  scoped(scope: Scope): Cloud;

  /** Ends idle connections that were opened for this cloud's TLS or proxy settings. */
  close(): Promise<void>;
}

/**
 * A client of a cloud. Lazy and synchronous: the first call authenticates.
 *
 * @throws ConfigError, with file, line and key, if the configuration cannot be used.
 *
 * @example
 * await using cloud = connect({ cloud: 'prod' });
 * for await (const server of cloud.compute.servers.list({ all_tenants: true, status: 'ERROR' })) {
 *   console.log(server.id, server.name);
 * }
 */
export function connect(options: ConnectOptions = {}): Cloud {
  assertConnectOptions(options);
  const entry = entryOf(options);
  const clock = options.clock ?? systemClock;
  const events: EventEmitter<CloudEvents> = new Emitter<CloudEvents>();
  const own = options.dispatcher === undefined ? dispatcherOf(entry) : undefined;
  const dispatcher = options.dispatcher === undefined ? own?.get : async () => options.dispatcher;
  const limits: CallLimits = {
    timeout:
      limitOf(options.timeout) ?? (entry.api_timeout === undefined ? 60_000 : entry.api_timeout * 1000),
    deadline: limitOf(options.deadline) ?? 300_000,
    retries: options.retries ?? 4,
    maxBody: options.maxBody ?? 64 * 1024 * 1024,
  };
  const exchange = createExchange({
    send: createSend({ fetch: options.fetch, dispatcher }),
    clock,
    random: options.random ?? Math.random,
    events,
    instrumentation:
      options.instrumentation === undefined ? undefined : guardInstrumentation(options.instrumentation),
    ...limits,
  });
  return new Client({ entry, clock, events, exchange, timeout: limits.timeout, dispatcher: own });
}

interface Parts {
  readonly entry: CloudEntry;
  readonly clock: Clock;
  readonly events: EventEmitter<CloudEvents>;
  readonly exchange: Exchange;
  readonly timeout: number;
  readonly dispatcher: CloseableDispatcher | undefined;
}

class Client implements Cloud {
  readonly name: string;
  readonly region: string | undefined;
  readonly events: EventEmitter<CloudEvents>;
  readonly clock: Clock;
  readonly #parts: Parts;
  readonly #session: Session;
  readonly #endpoints: Endpoints;
  readonly #connection: Connection;
  readonly #clients = new Map<string, unknown>();

  constructor(parts: Parts) {
    const { entry, clock, events, exchange, timeout } = parts;
    this.name = entry.name;
    this.region = entry.region_name;
    this.events = events;
    this.clock = clock;
    this.#parts = parts;
    this.#session = new Session({ entry, exchange, clock, events, timeout });
    const token = (signal: AbortSignal | undefined): Promise<Token | undefined> =>
      this.#session.token(signal);
    this.#endpoints = new Endpoints(entry, this.#session, new Discovery({ exchange, clock, timeout, token }));
    this.#connection = {
      exchange,
      events,
      clock,
      token,
      renew: (rejected, signal) => this.#session.renew(rejected, signal),
      endpoint: (service, signal) => this.#endpoints.base(service, signal),
      confirms: (service, base, signal) => this.#endpoints.confirms(service, base, signal),
    };
  }

  get identity() {
    return this.#service('identity');
  }
  get compute() {
    return this.#service('compute');
  }
  get network() {
    return this.#service('network');
  }
  get blockStorage() {
    return this.#service('blockStorage');
  }
  get placement() {
    return this.#service('placement');
  }
  get instanceHa() {
    return this.#service('instanceHa');
  }
  get loadBalancer() {
    return this.#service('loadBalancer');
  }
  get image(): Cloud['image'] {
    return this.#made('image', () =>
      Object.assign(bind(records.image, this.#connection) as unknown as Cloud['image'], {
        data: imageData(records.image, this.#connection),
      }),
    );
  }

  get objectStore(): Cloud['objectStore'] {
    return this.#made('objectStore', () =>
      Object.assign(bind(records.objectStore, this.#connection) as unknown as Cloud['objectStore'], {
        data: objectData(records.objectStore, this.#connection),
      }),
    );
  }

  async request<S extends z.ZodType>(service: string, raw: RawRequest<S>): Promise<RawAnswer<z.output<S>>> {
    assertText(service, 'service', 'request');
    assertRawRequest(raw);
    const known = knownService(service);
    const microversion = raw.microversion ?? this.#parts.entry.default_microversion[officialType(service)];
    if (known !== undefined) return rawRequest(this.#connection, known, { ...raw, microversion });
    const facts: ServiceFacts = {
      name: service,
      type: service,
      major: '',
      ...(microversion === undefined ? {} : { microversion: { floor: microversion, name: service } }),
    };
    const connection = {
      ...this.#connection,
      endpoint: () => this.#endpoints.registered(service, raw.signal),
      confirms: (_: ServiceFacts, base: string) =>
        this.#endpoints.confirmsRegistered(service, base, raw.signal),
    };
    return rawRequest(connection, facts, { ...raw, microversion });
  }

  async versions(service: string, options: VersionsOptions = {}): Promise<readonly ApiVersion[]> {
    return (await this.#publishedVersions(service, options, 'versions')).versions;
  }

  async supports(service: string, microversion: string, options: VersionsOptions = {}): Promise<boolean> {
    assertMicroversion(microversion, 'supports');
    const { min, max } = await this.#publishedVersions(service, options, 'supports');
    if (min === undefined || max === undefined) return false;
    return compareMicroversions(microversion, min) >= 0 && compareMicroversions(microversion, max) <= 0;
  }

  async endpoint(service: string, options: CallOptions = {}): Promise<string> {
    assertText(service, 'service', 'endpoint');
    checkOptions(options, CALL_OPTIONS, 'endpoint');
    const known = knownService(service);
    return known === undefined
      ? this.#endpoints.registered(service, options.signal)
      : this.#endpoints.base(known, options.signal);
  }

  async token(options: CallOptions = {}): Promise<Token | undefined> {
    checkOptions(options, CALL_OPTIONS, 'token');
    return this.#session.token(options.signal);
  }

  scoped(scope: Scope): Cloud {
    return new Client({
      ...this.#parts,
      entry: scopedEntry(this.#parts.entry, scope),
      dispatcher: undefined,
    });
  }

  async close(): Promise<void> {
    await this.#parts.dispatcher?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #service<K extends keyof Services>(name: K): Services[K] {
    return this.#made(name, () => bind(records[name], this.#connection) as unknown as Services[K]);
  }

  #made<T>(name: string, make: () => T): T {
    if (!this.#clients.has(name)) this.#clients.set(name, make());
    return this.#clients.get(name) as T;
  }

  async #publishedVersions(
    service: string,
    options: VersionsOptions,
    operation: 'versions' | 'supports',
  ): Promise<ResolvedEndpoint> {
    assertText(service, 'service', operation);
    checkOptions(options, VERSIONS_OPTIONS, operation);
    const published = await this.#endpoints.versions(this.#known(service), options);
    if (published.versions.length > 0) return published;
    throw new EndpointError(
      `${service} does not tell its versions${published.note === undefined ? '' : `: ${published.note}`}`,
      {
        service: officialType(service),
        reason: 'silent',
        remedy:
          'A proxy may hide its root; the version document is needed to know its release and microversions.',
      },
    );
  }

  #known(service: string): ServiceFacts {
    const known = knownService(service);
    if (known !== undefined) return known;
    throw new EndpointError(`${service} is no service whose versions are known here`, {
      service,
      reason: 'unusable',
      remedy: 'Use its official type, as `openstack catalog list` shows it.',
    });
  }
}
