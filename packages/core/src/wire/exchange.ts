/**
 * One exchange with a service: a request, its retries, and whatever the service finally answered.
 *
 * This is the seam between what Groundcrew means (tokens, catalogues, records) and the wire. `transport` is the
 * only implementation of {@link Send}; `retry` wraps it into an {@link Exchange}.
 */

/** One HTTP request, ready for the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodySource | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the head of the answer; `Infinity` waits for ever. @default Infinity */
  readonly timeout?: number | undefined;
}

/** A time limit of one attempt has passed. */
export class TimeLimitExceeded extends Error {
  readonly milliseconds: number;

  constructor(milliseconds: number, cause?: unknown) {
    super(`no answer within ${milliseconds} ms`, { cause });
    this.milliseconds = milliseconds;
  }
}

/** A body is larger than was allowed. */
export class BodyLimitExceeded extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the answer is larger than ${limit} bytes`);
    this.limit = limit;
  }
}

/**
 * A body. Text, bytes and a factory of streams can be sent again after a 401 or a reset; a stream that was handed
 * in is sent once, and a failure says so.
 */
export type BodySource =
  | string
  | Uint8Array<ArrayBuffer>
  | (() => AsyncIterable<Uint8Array>)
  | ReadableStream<Uint8Array>;

/** A request as it is handed to the wire. What more is known of it is for whoever records it. */
export type SentRequest = WireRequest & Partial<ExchangeRequest>;

/** Sends once. Rejects only when there is no answer (with `TimeLimitExceeded` if that is why); any status is one. */
export type Send = (request: SentRequest) => Promise<Response>;

/** A request with what events, errors and the retry rule need to know of it. */
export interface ExchangeRequest extends WireRequest {
  /** `compute`, `identity`, … */
  readonly service: string;
  /** `servers.get` */
  readonly operation: string;
  /** The path template, `servers/{id}`: what metrics group by. */
  readonly route: string;
  readonly microversion?: string | undefined;
  /** The service's endpoint, which `url` is below, without a slash at its end. @default none: version documents, tokens */
  readonly base?: string | undefined;
  /** Whether it may be repeated after a failure that may have had an effect. */
  readonly idempotent: boolean;
  /**
   * `text` reads the whole body within the attempt, so that a body which breaks off counts as a failed attempt;
   * `stream` leaves it unread. @default 'stream'
   */
  readonly read?: 'text' | 'stream' | undefined;
  /** Milliseconds for one attempt: for its head, and as much for its text if that is read. @default that of the client */
  readonly timeout?: number | undefined;
  /** Bytes of a body that is read as text. @default that of the client */
  readonly maxBody?: number | undefined;
  /** Milliseconds for all attempts together. @default that of the client */
  readonly deadline?: number | undefined;
  /** @default that of the client */
  readonly retries?: number | undefined;
  /** Attempts of the same call that were made before this: with a token that was refused. @default none */
  readonly previous?: Pick<ExchangeResult, 'attempts' | 'requestIds'> | undefined;
  /** Secrets in the request, which nothing that is shown may repeat. @default none */
  readonly secrets?: (() => readonly string[]) | undefined;
}

export interface ExchangeResult {
  /** Any status. */
  readonly response: Response;
  /** The body, if it was to be read. */
  readonly text: string | undefined;
  /** The number of attempts that the call took, those in `previous` included. */
  readonly attempts: number;
  readonly requestIds: readonly string[];
}

/**
 * Sends, and repeats what may be repeated. Rejects with a `ConnectionError`, a `TimeoutError` or the signal's own
 * reason; an answer of any status resolves.
 */
export type Exchange = (request: ExchangeRequest) => Promise<ExchangeResult>;
