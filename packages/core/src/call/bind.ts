import { serializeArguments, type SerializedArguments } from './serialize-arguments.ts';
import { CALL_OPTIONS, checkOptions, DELETE_OPTIONS, object } from '../options/option-checks.ts';
import type { ServiceClient } from './client.ts';
import type { CallOptions, DeleteOptions } from '../options/call-options.ts';
import type { Connection } from './connection.ts';
import { decode, unwrap } from './decode.ts';
import { isNotFound } from '../errors/guards.ts';
import { MicroversionError } from '../errors/errors.ts';
import { finder } from './find.ts';
import { fieldsOfHeaders } from './header-fields.ts';
import { ListIterator, type ListSource } from './list.ts';
import { assertMicroversion, compareMicroversions } from '../record/microversion.ts';
import {
  isIdempotent,
  type OperationSpec,
  type ResourceSpec,
  routeOf,
  type ServiceSpec,
} from '../record/operation.ts';
import { Pager } from './pages.ts';
import { type Call, parseJson, type Reply, request } from './request.ts';
import { waiter } from './wait.ts';

/**
 * Makes a service's records into methods.
 *
 * @param version - the microversion that the client is pinned to; without it each operation asks for the version
 * that introduced it
 */
export function bind<S extends ServiceSpec>(
  service: S,
  connection: Connection,
  version?: string,
): ServiceClient<S> {
  const client: Record<string, unknown> = {
    at: (microversion: string) => {
      assertMicroversion(microversion, `${service.name}.at`);
      return bind(service, connection, microversion);
    },
  };
  for (const [name, resource] of Object.entries(service.resources)) {
    // Methods are made when a resource is first touched: most programs use few of them.
    let made: object | undefined;
    Object.defineProperty(client, name, {
      enumerable: true,
      get: () => (made ??= bindResource(service, resource, connection, version)),
    });
  }
  return client as ServiceClient<S>;
}

type BoundMethod = (input?: unknown, options?: CallOptions) => unknown;

function bindResource(
  service: ServiceSpec,
  resource: ResourceSpec,
  connection: Connection,
  version: string | undefined,
): object {
  const methods: Record<string, BoundMethod> = {};
  for (const [name, spec] of Object.entries(resource.operations)) {
    const bound = new BoundOperation(service, `${resource.name}.${name}`, spec, connection, version);
    methods[name] =
      spec.page === undefined
        ? (input, options) => bound.call(input, options)
        : (input, options) => ({ [Symbol.asyncIterator]: () => bound.items(input, options) });
  }
  return { ...methods, ...finder(resource, methods), ...waiter(service, resource, methods, connection) };
}

/** One operation on one connection at one microversion. */
class BoundOperation {
  readonly #service: ServiceSpec;
  readonly #operation: string;
  readonly #spec: OperationSpec;
  readonly #connection: Connection;
  readonly #version: string;
  readonly #pinned: boolean;

  constructor(
    service: ServiceSpec,
    operation: string,
    spec: OperationSpec,
    connection: Connection,
    version: string | undefined,
  ) {
    this.#service = service;
    this.#operation = operation;
    this.#spec = spec;
    this.#connection = connection;
    this.#pinned = version !== undefined;
    this.#version = version ?? spec.since ?? service.microversion?.floor ?? '0.0';
  }

  async call(input: unknown, options: DeleteOptions = {}): Promise<unknown> {
    checkOptions(options, this.#spec.verb === 'DELETE' ? DELETE_OPTIONS : CALL_OPTIONS, this.#operation);
    const serialized = this.#serialize(input);
    try {
      const reply = await this.#request(serialized, options);
      if (this.#spec.output === undefined) return undefined;
      const answered =
        this.#spec.outputHeaders === undefined
          ? unwrap(this.#spec, parseJson(reply), reply)
          : fieldsOfHeaders(this.#spec, reply.response.headers);
      return decode(this.#spec, this.#version, answered, reply);
    } catch (error) {
      if (options.missingOk && this.#spec.verb === 'DELETE' && isNotFound(error)) return undefined;
      throw error;
    }
  }

  items(input: unknown, options: CallOptions = {}): AsyncIterator<unknown> {
    const { pageSize } = this.#spec;
    const sized =
      pageSize === undefined || (input !== undefined && !object.accepts(input))
        ? input
        : { limit: pageSize, ...(input as object | undefined) };
    const begin = (): ListSource => {
      checkOptions(options, CALL_OPTIONS, this.#operation);
      const serialized = this.#serialize(sized);
      return {
        spec: this.#spec,
        version: this.#version,
        pager: new Pager(this.#spec, this.#operation, serialized.path),
        first: serialized.path,
        read: (path, callOptions) => this.#request({ ...serialized, path }, callOptions),
      };
    };
    return new ListIterator(begin, options);
  }

  #serialize(input: unknown): SerializedArguments {
    this.#requireVersion();
    return serializeArguments(this.#spec, this.#operation, this.#version, input);
  }

  #request({ path, headers, body, secrets }: SerializedArguments, options: CallOptions): Promise<Reply> {
    const call: Call = {
      service: this.#service,
      operation: this.#operation,
      route: routeOf(this.#spec),
      method: this.#spec.verb,
      path,
      headers,
      body,
      secrets,
      microversion: this.#service.microversion === undefined ? undefined : this.#version,
      idempotent: isIdempotent(this.#spec),
    };
    return request(this.#connection, call, options);
  }

  #requireVersion(): void {
    const { since, until } = this.#spec;
    if (!this.#pinned || this.#service.microversion === undefined) return;
    const early = since !== undefined && compareMicroversions(this.#version, since) < 0;
    const late = until !== undefined && compareMicroversions(this.#version, until) >= 0;
    if (!early && !late) return;
    const why = early ? `came with ${since}` : `is gone since ${until}`;
    throw new MicroversionError(
      `${this.#service.name} ${this.#operation} ${why}; this client asks for ${this.#version}`,
      {
        service: this.#service.name,
        asked: this.#version,
        reason: 'not-in-version',
        remedy: early
          ? `Pin to at('${since}') or newer, or do not pin.`
          : 'Pin to an older version, or do not pin.',
      },
    );
  }
}
