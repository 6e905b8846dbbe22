import type { Schema } from './shape.ts';

/** The HTTP method of an operation. */
export type Verb = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * The way in which a list continues on its next page.
 *
 * - `links`: `{ servers: […], servers_links: [{ rel: 'next', href }] }` (Nova, Cinder, Neutron)
 * - `next`: `{ images: […], next: '/v2/images?marker=…' }` (Glance)
 * - `body-links`: `{ users: […], links: { next } }`, with `truncated` where the server cut the list (Keystone)
 * - `offset`: no link; the next page starts `limit` items later (Nova's server groups)
 * - `marker`: no link; the next page starts behind the `id` of the last item (Masakari)
 * - `link-then-marker`: `{ loadbalancers: […], loadbalancers_links: [{ rel: 'next', href }] }`, whose link tells that more
 *   follows, and has lost the filters: the next page starts behind the `id` of the last item (Octavia)
 * - `name`: no link; the next page starts behind the `name`, or the `subdir`, of the last item (Swift)
 * - `none`: the whole collection at once
 */
export type PageStyle =
  | 'links'
  | 'next'
  | 'body-links'
  | 'offset'
  | 'marker'
  | 'link-then-marker'
  | 'name'
  | 'none';

/**
 * The one declaration of a remote operation. Its types, its method, its simulated route and its contract test
 * all come from it.
 *
 * The fields of `input` are wire names. Those that `path` names fill its slots, those that `headers` names become
 * headers; of a GET, HEAD or DELETE the rest is the query, of other verbs the body (but for the names in `query`).
 */
export interface OperationSpec {
  readonly verb: Verb;
  /** Below the service's versioned endpoint, with slots: `servers/{id}`. */
  readonly path: string;
  /** Arguments, parsed strictly. */
  readonly input: Schema;
  /** The entity answered; absent when the answer has no body worth reading. Of a list: one item. */
  readonly output?: Schema;
  /** Envelope around the body sent. */
  readonly send?: string;
  /** Envelope opened in the answer; of a list, the key of the collection. */
  readonly receive?: string;
  /** It is a list, and this is how it continues. */
  readonly page?: PageStyle;
  /** Default `limit` sent by a list, for services that answer all at once unless asked not to. */
  readonly pageSize?: number;
  /**
   * `POST …/action` with the body `{ [action]: fields }`. Without fields it is `null`, or, if `send` names the action
   * too, an empty object: some actions take only the one, some only the other.
   */
  readonly action?: string;
  /** This input field is the whole body (a JSON patch, a list). */
  readonly body?: string;
  /** Input fields placed beside the envelope, not in it (scheduler hints). */
  readonly beside?: readonly string[];
  /** Input fields that go into the query although the verb has a body. */
  readonly query?: readonly string[];
  /** Input fields sent as headers: field to header name. Of a name that ends in a star each entry of the field is one. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The answer is in its headers: a field of `output` is the header of that name, and its `metadata` has all those that begin with
   * this text, without it (Swift: `X-Container-Meta-`).
   */
  readonly outputHeaders?: string;
  /** Media type of the body, where it is not JSON's own. */
  readonly contentType?: string;
  /** The microversion that introduced the operation: what a call asks for unless it is pinned. */
  readonly since?: string;
  /** The microversion that removed it (the first that answers 404). */
  readonly until?: string;
  /** Whether repeating it is harmless. Default: of GET, HEAD, PUT and DELETE yes, of POST and PATCH no. */
  readonly idempotent?: boolean;
  /** The status of success, where it is not the verb's usual one (GET 200, POST 200/201/202, DELETE 204). */
  readonly status?: number;
}

/** Declares an operation. */
export const operation = <const S extends OperationSpec>(spec: S): S => spec;

/** The field and the states by which `waitFor` follows an asynchronous resource. */
export interface Settling {
  /** The field that holds the state, `status` for most. */
  readonly field: string;
  /** States from which it does not leave by itself, and which mean failure unless waited for. */
  readonly failure: readonly string[];
}

/**
 * The language in which a service reads a filter's text, if it does not simply compare it.
 *
 * - `pattern`: a regular expression (Nova's `name` of servers: `_regex_instance_filter` in `nova/db/main/api.py`)
 * - `operator`: what is before a colon is an operator (Glance: `split_filter_op` in `glance/common/utils.py`)
 *
 * Keystone and Neutron compare a `name` as it is; so does Cinder, which reads every other filter of volumes as a Python literal
 * (`check_volume_filters` in `cinder/volume/api.py`).
 */
export type FilterLanguage = 'pattern' | 'operator';

/** The declaration of a resource: its operations, and how it is found and waited for. */
export interface ResourceSpec {
  /** In the plural, as on the client: `servers`. */
  readonly name: string;
  readonly operations: { readonly [name: string]: OperationSpec };
  /** Gives the resource `waitFor` and `waitGone`. It needs an operation `get`. */
  readonly settles?: Settling;
  /**
   * Gives the resource `find`, by id or by this field. It needs `get` and `list`; if `list` takes the field as
   * an argument, the server filters.
   */
  readonly findBy?: string;
  /** The language in which the service reads that argument of `list`, if it does not compare it. @default it is compared */
  readonly findByFilter?: FilterLanguage;
}

/** Declares a resource. */
export const resource = <const R extends ResourceSpec>(spec: R): R => spec;

/** The headers in which a microversion is sent and answered. */
export interface MicroversionHeaders {
  /** The microversion of a request without the header. */
  readonly floor: string;
  /** The service's name in `OpenStack-API-Version: NAME VERSION`. */
  readonly name: string;
  /** An older header that it still reads, with the bare version. */
  readonly legacy?: string;
}

/** The declaration of a service: its type, its microversions and its resources. */
export interface ServiceSpec {
  /** The service's name on the client: `compute`, `blockStorage`. */
  readonly name: string;
  /** Its official type in the catalogue; aliases follow from it. */
  readonly type: string;
  /** The major version of the API that the paths are of: discovery looks for it. */
  readonly major: string;
  readonly microversion?: MicroversionHeaders;
  readonly resources: { readonly [name: string]: ResourceSpec };
}

/** Declares a service. */
export const service = <const S extends ServiceSpec>(spec: S): S => spec;

/** Whether an operation may be repeated: `POST` and `PATCH` are not repeated unless the record says that it is harmless. */
export const isIdempotent = (spec: OperationSpec): boolean =>
  spec.idempotent ?? (spec.verb !== 'POST' && spec.verb !== 'PATCH');

/** The route of an operation, `servers/{server_id}/action`, as in events, errors and simulated routes: the action's name follows a `#`. */
export const routeOf = (spec: OperationSpec): string =>
  spec.action === undefined ? spec.path : `${spec.path}#${spec.action}`;

/** Names of the slots of a path template, in order. */
export const slotsOf = (path: string): string[] =>
  [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
