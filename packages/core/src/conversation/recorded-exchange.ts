import { z } from 'zod';

/**
 * The reason why a body is not there: larger than `maxBody`; the bytes of an image and the like; text that is no JSON, and so
 * may be a secret as a whole; a login, or the payload of a secret; the client did not read it.
 */
export type BodyLeftOut = 'too-large' | 'stream' | 'not-json' | 'secret' | 'unread';

/** A body, without its secrets; or the reason why it is not there. */
export type RecordedBody =
  | { readonly json: unknown }
  | {
      readonly text: string;
      /** Whether more of it was to come: the connection broke, or the client had read enough. @default false */
      readonly isCut?: boolean | undefined;
    }
  | {
      readonly left: BodyLeftOut;
      /** Its length, as far as it was seen. */
      readonly bytes?: number | undefined;
    };

export interface RecordedRequest {
  /** Those that OpenStack gives a meaning; names in lower case, and `***` for the value of a secret one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent of a request without one. */
  readonly body?: RecordedBody | undefined;
}

export interface RecordedAnswer {
  readonly status: number;
  /** The id that the service gave the request. */
  readonly requestId?: string | undefined;
  /** As those of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent of an answer without one. */
  readonly body?: RecordedBody | undefined;
}

/** An answer that did not come, or not to its end. */
export interface RecordedFailure {
  /** `cut-off`: the answer began, and broke off. `aborted`: by the caller's own signal. */
  readonly kind: 'unreachable' | 'certificate' | 'timeout' | 'cut-off' | 'aborted';
  /** The system's or TLS's word, `ECONNRESET`; the kind again where there is no other. */
  readonly reason: string;
  readonly message: string;
}

/** One request on the wire, and what came of it: plain data, one line of a recording. A call that is repeated has several. */
export interface RecordedExchange {
  readonly version: 1;
  /** The client's own id of this request, `req-…`: the lines of a log have it. It was not sent. */
  readonly id: string;
  /** The moment of sending: ISO 8601, UTC. */
  readonly at: string;
  /** Milliseconds from sending to the end of the answer. */
  readonly durationMs: number;
  /** `compute`, `blockStorage`, … Absent of requests that are none of a client's calls. */
  readonly service?: string | undefined;
  /** `servers.list`, as events have it. */
  readonly operation?: string | undefined;
  readonly method: string;
  /** The whole URL, without secrets. */
  readonly url: string;
  /** The beginning of `url` that is the service's endpoint. Absent of version documents and tokens, which are below none. */
  readonly endpoint?: string | undefined;
  /** The microversion that was asked for. */
  readonly microversion?: string | undefined;
  /** The id that the caller sent along for all that follows from it (`X-OpenStack-Request-ID`). */
  readonly globalRequestId?: string | undefined;
  readonly request: RecordedRequest;
  /** One of these is there, and both of an answer that broke off. */
  readonly answer?: RecordedAnswer | undefined;
  readonly failure?: RecordedFailure | undefined;
}

const headers = z.record(z.string(), z.string());

const aBody = z.union([
  z.strictObject({ json: z.unknown() }).refine((body) => 'json' in body, 'has no body'),
  z.strictObject({ text: z.string(), isCut: z.boolean().optional() }),
  z.strictObject({
    left: z.enum(['too-large', 'stream', 'not-json', 'secret', 'unread']),
    bytes: z.int().min(0).optional(),
  }),
]);

/** Schema of a line of a recording. What it does not know is refused: another version would mean something else by it. */
export const anExchange = z
  .strictObject({
    version: z.literal(1),
    id: z.string().regex(/^req-[0-9a-f-]{36}$/, 'is no request id'),
    at: z.iso.datetime(),
    durationMs: z.number().min(0),
    service: z.string().optional(),
    operation: z.string().optional(),
    method: z.string().regex(/^[\w-]{1,32}$/, 'is no method'),
    url: z.string().min(1),
    endpoint: z.string().optional(),
    microversion: z.string().optional(),
    globalRequestId: z.string().optional(),
    request: z.strictObject({ headers, body: aBody.optional() }),
    answer: z
      .strictObject({
        status: z.int().min(100).max(999),
        requestId: z.string().optional(),
        headers,
        body: aBody.optional(),
      })
      .optional(),
    failure: z
      .strictObject({
        kind: z.enum(['unreachable', 'certificate', 'timeout', 'cut-off', 'aborted']),
        reason: z.string(),
        message: z.string(),
      })
      .optional(),
  })
  .refine(({ answer, failure }) => answer !== undefined || failure !== undefined, {
    path: ['answer'],
    error: 'there is neither an answer nor a failure',
  })
  .refine(({ url, endpoint }) => endpoint === undefined || url.startsWith(`${endpoint}/`), {
    path: ['endpoint'],
    error: 'is not the beginning of the url',
  });
