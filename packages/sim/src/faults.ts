import { anObjectWith, type Duration, milliseconds, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { Answer } from './answer.ts';
import { ServiceFault } from './fault.ts';
import { faultMatch, matches, type RequestFilter } from './request-filter.ts';
import { type OddAnswer, oddAnswers } from './odd-answers.ts';

/** The effect of a fault script on a request or on its answer. */
export type FaultReply =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly message: string;
    }
  | { readonly kind: 'latency'; readonly waitMs: number }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'truncate'; readonly bytes: number }
  | { readonly kind: 'corrupt'; readonly offset: number }
  | { readonly kind: 'slow'; readonly waitMs: number }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'odd'; readonly odd: OddAnswer }
  | { readonly kind: 'hang' }
  | { readonly kind: 'revoke-token' };

/** A status that an HTTP response can have. */
const aStatus = z.int().min(200).max(599);
const aHeaderName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no name of a header');
const headers = z.record(
  aHeaderName,
  z.string().regex(/^[\t\u0020-\u007E\u0080-\u00FF]*$/, 'is no text of a header'),
);

const replies = {
  status: z.strictObject({ kind: z.literal('status'), status: aStatus, headers, message: z.string() }),
  latency: z.strictObject({ kind: z.literal('latency'), waitMs: z.number().min(0) }),
  reset: z.strictObject({ kind: z.literal('reset'), when: z.enum(['before', 'after']) }),
  truncate: z.strictObject({ kind: z.literal('truncate'), bytes: z.int().min(0) }),
  corrupt: z.strictObject({ kind: z.literal('corrupt'), offset: z.int().min(0) }),
  slow: z.strictObject({ kind: z.literal('slow'), waitMs: z.number().min(0) }),
  html: z.strictObject({ kind: z.literal('html'), status: aStatus }),
  odd: z.strictObject({ kind: z.literal('odd'), odd: z.enum(oddAnswers) }),
  hang: z.strictObject({ kind: z.literal('hang') }),
  'revoke-token': z.strictObject({ kind: z.literal('revoke-token') }),
} satisfies Record<FaultReply['kind'], z.ZodType>;

const statusOptions = z.strictObject({
  retryAfter: z.number().min(0).optional(),
  message: z.string().optional(),
  headers: headers.optional(),
});

/** Whole numbers from one, and all of them. */
const aCount = z.custom<number>(
  (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) >= 1),
  'must be a whole number from 1',
);

const faultScript = optionsSchema<FaultScript>({
  match: anObjectWith('a filter of requests').pipe(faultMatch),
  skip: z.int().min(0).optional(),
  first: aCount.optional(),
  percent: z.number().positive().max(100).optional(),
  reply: z.discriminatedUnion('kind', Object.values(replies) as never, {
    error: `must be what ${Object.keys(replies).join(', ')} or the like makes`,
  }),
});

/** The service answers with this status, in its usual format. `retryAfter` is in seconds, as on the wire. */
export const status = (
  code: number,
  options: {
    readonly retryAfter?: number;
    readonly message?: string;
    readonly headers?: Record<string, string>;
  } = {},
): FaultReply => {
  parseArguments('status', statusOptions, options);
  return parseArguments('status', replies.status, {
    kind: 'status',
    status: code,
    headers: {
      ...options.headers,
      ...(options.retryAfter === undefined ? {} : { 'Retry-After': String(options.retryAfter) }),
    },
    message: options.message ?? 'The simulated cloud was told to fail this request.',
  });
};

/** The answer is delayed by this time of the cloud's clock. */
export const latency = (wait: Duration): FaultReply => ({
  kind: 'latency',
  waitMs: milliseconds(wait, 'wait'),
});

/**
 * The connection breaks. `before`: the service never receives the request. `after`: it does its work, and only the answer
 * is lost. @default 'before'
 */
export const reset = (when: 'before' | 'after' = 'before'): FaultReply =>
  parseArguments('reset', replies.reset, { kind: 'reset', when });

/** The answer breaks off after this many bytes of its body; a stream of bytes so that the connection is reset. */
export const truncate = (bytes: number): FaultReply =>
  parseArguments('truncate', replies.truncate, { kind: 'truncate', bytes });

/**
 * One byte of the bytes that are answered is another: those of an image or an object, counted from the first that is sent. JSON stays
 * as it is.
 *
 * @example
 * cloud.fault({ match: { method: 'GET', path: /\/file$/ }, first: 1, reply: corrupt(1_000_000) });
 */
export const corrupt = (offset: number): FaultReply =>
  parseArguments('corrupt', replies.corrupt, { kind: 'corrupt', offset });

/** Each 64 KiB of the bytes that are answered (of an image, of an object) come this time of the cloud's clock later. JSON does not. */
export const slow = (wait: Duration): FaultReply => ({ kind: 'slow', waitMs: milliseconds(wait, 'wait') });

/** The answer is a proxy's error page in HTML where JSON was expected. @default 502 */
export const htmlPage = (code = 502): FaultReply =>
  parseArguments('htmlPage', replies.html, { kind: 'html', status: code });

/**
 * The service does its work, and its answer is changed in one of the ways that {@link oddAnswers} lists. This applies to
 * every list and every single resource in JSON; a refusal and raw data stay unchanged.
 *
 * @example
 * for (const kind of oddAnswers) {
 *   const fault = cloud.fault({ match: { operation: 'servers.list' }, reply: odd(kind) });
 *   expect(await audit(cloud)).not.toPass();
 *   fault.stop();
 * }
 */
export const odd = (kind: OddAnswer): FaultReply =>
  parseArguments('odd', replies.odd, { kind: 'odd', odd: kind });

/** The service never answers. The request ends when the client aborts it or closes the connection. */
export const hang = (): FaultReply => ({ kind: 'hang' });

/** The request's token is revoked first, so that it fails with 401 even in the middle of a list. */
export const revokeToken = (): FaultReply => ({ kind: 'revoke-token' });

/** A rule by which some requests fail. */
export interface FaultScript {
  /** The requests that can fail. A path given as text matches the end of a request's path. */
  readonly match: Omit<RequestFilter, 'status'>;
  /** The number of matching requests that succeed first. @default 0 */
  readonly skip?: number;
  /** The number of matching requests that fail. @default all */
  readonly first?: number;
  /** The percentage of matching requests that fail, chosen by the cloud's seed. @default 100 */
  readonly percent?: number;
  readonly reply: FaultReply;
}

/** A fault script that is in force. */
export interface ActiveFault {
  /** The number of requests that failed by this script. */
  readonly struck: number;
  /** Ends the script. */
  stop(): void;
}

/** The scripts in force. They decide which requests fail. */
export class FaultPlan {
  readonly #random: () => number;
  readonly #active = new Set<{ script: FaultScript; seen: number; struck: number }>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** @throws InputError on a script that is misspelt: it would match no request */
  add(script: FaultScript): ActiveFault {
    parseArguments('fault', faultScript, script);
    const active = { script, seen: 0, struck: 0 };
    this.#active.add(active);
    return {
      get struck() {
        return active.struck;
      },
      stop: () => void this.#active.delete(active),
    };
  }

  clear(): void {
    this.#active.clear();
  }

  /** The effects of all scripts that apply to this request, in the order in which they were given. */
  strike(request: Parameters<typeof matches>[0]): FaultReply[] {
    const struck: FaultReply[] = [];
    for (const active of this.#active) {
      const { match, skip = 0, first = Number.POSITIVE_INFINITY, percent = 100, reply } = active.script;
      if (!matches(request, match)) continue;
      active.seen += 1;
      if (active.seen <= skip || active.struck >= first) continue;
      if (percent < 100 && this.#random() * 100 >= percent) continue;
      active.struck += 1;
      struck.push(reply);
    }
    return struck;
  }
}

/** The answer that the first script with one gives in the service's place. */
export function scriptedAnswer(
  struck: readonly FaultReply[],
  refuse: (fault: ServiceFault) => Answer,
): Answer | undefined {
  for (const reply of struck) {
    if (reply.kind === 'status')
      return refuse(new ServiceFault(reply.status, reply.message, { headers: { ...reply.headers } }));
    if (reply.kind === 'html') {
      return {
        status: reply.status,
        raw: `<html><head><title>${reply.status}</title></head><body><h1>${reply.status}</h1>The proxy has no answer.</body></html>\n`,
        headers: { 'Content-Type': 'text/html' },
      };
    }
  }
  return undefined;
}

/** Whether a service never sees a request that is struck so. */
export const replacesAnswer = (reply: FaultReply): boolean =>
  ['status', 'html', 'hang', 'revoke-token'].includes(reply.kind) ||
  (reply.kind === 'reset' && reply.when === 'before');
