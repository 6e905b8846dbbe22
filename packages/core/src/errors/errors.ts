import { GroundcrewError } from '@groundcrew/ground';
import type { Fault } from './fault.ts';
import { codeOf, type HttpErrorCode } from './http-error-code.ts';

export { ConfigError, GroundcrewError, InputError } from '@groundcrew/ground';

/** The facts of a failed call: its request, its service, and the number of its attempts. */
export interface CallFacts {
  /** `compute`, `identity`, … */
  readonly service: string;
  /** `servers.get`; of a raw request its method and path. */
  readonly operation: string;
  readonly method: string;
  /** Without secrets. */
  readonly url: string;
  /** The microversion asked for, if the service has any. */
  readonly microversion: string | undefined;
  /** The number of attempts that were made. */
  readonly attempts: number;
  /** The request id of every attempt that had one. */
  readonly requestIds: readonly string[];
  /** The request as a shell command, secrets replaced by `***`. */
  readonly curl: string;
}

/** A call to a service that failed. */
export abstract class CallError extends GroundcrewError implements CallFacts {
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly microversion: string | undefined;
  readonly attempts: number;
  readonly requestIds: readonly string[];
  readonly curl: string;

  constructor(
    message: string,
    facts: CallFacts,
    options: { readonly remedy?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.service = facts.service;
    this.operation = facts.operation;
    this.method = facts.method;
    this.url = facts.url;
    this.microversion = facts.microversion;
    this.attempts = facts.attempts;
    this.requestIds = facts.requestIds;
    this.curl = facts.curl;
  }
}

/** The service answered with a status that is no success. */
export class HttpError extends CallError {
  readonly code: HttpErrorCode;
  readonly status: number;
  /** The service's own words, whatever shape it gave them. */
  readonly fault: Fault;
  /** The body as it came, cut at 64 KiB. */
  readonly body: string;
  /** Milliseconds that the service asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    facts: CallFacts,
    options: {
      readonly status: number;
      /** A 404 that the service itself said, at a URL that is known to be its own. */
      readonly isConfirmed: boolean;
      readonly fault: Fault;
      readonly body: string;
      readonly retryAfterMs?: number | undefined;
      readonly remedy?: string | undefined;
    },
  ) {
    super(message, facts, options);
    this.status = options.status;
    this.code = codeOf(options.status, options.fault, options.isConfirmed);
    this.fault = options.fault;
    this.body = options.body;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** An {@link HttpError} with a code that is known: what a guard such as `isConflict` narrows to. */
export type HttpErrorOf<C extends HttpErrorCode> = HttpError & { readonly code: C };

/** Keystone refused the credentials: wrong password, disabled user, expired or revoked token. */
export class AuthError extends GroundcrewError {
  readonly code = 'auth';
  /** Keystone's URL. */
  readonly url: string;
  readonly requestIds: readonly string[];

  constructor(
    message: string,
    options: {
      readonly url: string;
      readonly requestIds?: readonly string[];
      readonly remedy?: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.url = options.url;
    this.requestIds = options.requestIds ?? [];
  }
}

/** The catalogue has no endpoint for a service, or none in this region or interface; the message says what it has. */
export class EndpointError extends GroundcrewError {
  readonly code = 'endpoint';
  readonly service: string;
  readonly reason: EndpointReason;

  constructor(
    message: string,
    options: {
      readonly service: string;
      readonly reason: EndpointReason;
      readonly remedy?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.service = options.service;
    this.reason = options.reason;
  }
}

/**
 * The reason why a service has no usable endpoint. Only two reasons are facts about the cloud: `no-service`, a catalogue
 * without such a service, and `no-version`, a service that tells its versions and has another. The others say that it is not
 * known: `no-catalog` (none, or an empty one), `elsewhere` (registered, but not in this region and interface, or left out for
 * this token), `silent` (it does not tell its versions), `unusable` (its URL is none, or its type is no official one).
 */
export type EndpointReason = 'no-service' | 'no-version' | 'no-catalog' | 'elsewhere' | 'silent' | 'unusable';

/** The service does not speak the microversion asked for, or answered in another. */
export class MicroversionError extends GroundcrewError {
  readonly code = 'microversion';
  readonly service: string;
  readonly asked: string;
  /**
   * `not-in-version`: the record has no such operation at that version, and nothing was sent. `refused`: the service says so.
   * `altered`: the answer is of another version than the one that was asked for.
   */
  readonly reason: 'not-in-version' | 'refused' | 'altered';
  /** The range that the service supports, if it said so. */
  readonly supported: { readonly min: string; readonly max: string } | undefined;

  constructor(
    message: string,
    options: {
      readonly service: string;
      readonly asked: string;
      readonly reason: MicroversionError['reason'];
      readonly supported?: { readonly min: string; readonly max: string } | undefined;
      readonly remedy?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.service = options.service;
    this.asked = options.asked;
    this.reason = options.reason;
    this.supported = options.supported;
  }
}

/** No answer came: refused, reset, no such host, a certificate that does not verify. */
export class ConnectionError extends CallError {
  readonly code: 'unreachable' | 'certificate';
  /** The code of the system or of TLS: `ECONNREFUSED`, `ENOTFOUND`, `SELF_SIGNED_CERT_IN_CHAIN`, … */
  readonly reason: string;

  constructor(
    message: string,
    facts: CallFacts,
    options: {
      readonly code: 'unreachable' | 'certificate';
      readonly reason: string;
      readonly remedy?: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, facts, options);
    this.code = options.code;
    this.reason = options.reason;
  }
}

/** No answer came in time. */
export class TimeoutError extends CallError {
  readonly code = 'timeout';
}

/** An answer is larger than `maxBody` allows; reading stopped there. */
export class BodyLimitError extends CallError {
  readonly code = 'too-large';
  /** Bytes. */
  readonly limit: number;

  constructor(
    message: string,
    facts: CallFacts,
    options: { readonly limit: number; readonly remedy?: string | undefined },
  ) {
    super(message, facts, options);
    this.limit = options.limit;
  }
}

/** An answer does not fit its record: HTML, cut-off JSON, a missing field. */
export class DecodeError extends CallError {
  readonly code = 'decode';
  /** Path of the first field that does not fit; empty when the whole body does not. */
  readonly field: string;
  readonly status: number;
  /**
   * The element of a list that does not fit: its place in the whole list, from 0, and its id if it has one. Its list can be
   * read on: the iterator's next `next()` gives the element behind it.
   */
  readonly element: { readonly index: number; readonly id: string | undefined } | undefined;

  constructor(
    message: string,
    facts: CallFacts,
    options: {
      readonly field: string;
      readonly status: number;
      readonly remedy?: string | undefined;
      readonly cause?: unknown;
      readonly element?: DecodeError['element'];
    },
  ) {
    super(message, facts, options);
    this.field = options.field;
    this.status = options.status;
    this.element = options.element;
  }
}

/** A list cannot be read to its end: it loops, leads elsewhere, or the server cut it. */
export class PaginationError extends GroundcrewError {
  readonly code = 'pagination';
  readonly reason: 'loop' | 'foreign' | 'truncated';
  readonly operation: string;

  constructor(
    message: string,
    options: {
      readonly reason: 'loop' | 'foreign' | 'truncated';
      readonly operation: string;
      readonly remedy?: string;
    },
  ) {
    super(message, options);
    this.reason = options.reason;
    this.operation = options.operation;
  }
}

/**
 * `find` found nothing.
 *
 * No call failed, so it has none of the facts of an {@link HttpError}. They are declared as absent, so that `isNotFound(error)`
 * allows `error.status` and `error.fault?.message` without asking first which of the two errors it is.
 */
export class NotFoundError extends GroundcrewError {
  readonly code = 'not-found';
  /** Empty: every call of the search succeeded. */
  readonly requestIds: readonly string[] = [];
  declare readonly status?: undefined;
  declare readonly fault?: undefined;
  declare readonly body?: undefined;
  declare readonly retryAfterMs?: undefined;
  declare readonly service?: undefined;
  declare readonly operation?: undefined;
  declare readonly method?: undefined;
  declare readonly url?: undefined;
  declare readonly microversion?: undefined;
  declare readonly attempts?: undefined;
  declare readonly curl?: undefined;
}

/** `find` found more than one. */
export class AmbiguousError extends GroundcrewError {
  readonly code = 'ambiguous';
  readonly ids: readonly string[];

  constructor(message: string, options: { readonly ids: readonly string[]; readonly remedy?: string }) {
    super(message, options);
    this.ids = options.ids;
  }
}

/** A wait ended without its state: the resource failed, or `patience` has passed. */
export class WaitError extends GroundcrewError {
  readonly code: 'wait-failed' | 'wait-timeout';
  /** Every state seen, in order, with how often in a row. */
  readonly seen: readonly { readonly state: string; readonly times: number }[];
  /** The resource as last seen. */
  readonly last: unknown;

  constructor(
    message: string,
    options: {
      readonly code: 'wait-failed' | 'wait-timeout';
      readonly seen: readonly { readonly state: string; readonly times: number }[];
      readonly last: unknown;
      readonly remedy?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.code = options.code;
    this.seen = options.seen;
    this.last = options.last;
  }
}

/** A transfer ended because no byte moved for too long. */
export class StallError extends GroundcrewError {
  readonly code = 'stalled';
}

/** The bytes that arrived are not the bytes that were sent: the hash differs. */
export class IntegrityError extends GroundcrewError {
  readonly code = 'integrity';
  readonly algorithm: string;
  readonly expected: string;
  readonly actual: string;

  constructor(
    message: string,
    options: {
      readonly algorithm: string;
      readonly expected: string;
      readonly actual: string;
      readonly remedy?: string;
    },
  ) {
    super(message, options);
    this.algorithm = options.algorithm;
    this.expected = options.expected;
    this.actual = options.actual;
  }
}
