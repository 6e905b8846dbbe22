import { type Duration, milliseconds } from '@groundcrew/ground';
import type { Answer } from './answer.ts';
import { ServiceFault } from './fault.ts';
import { matches, type RequestFilter } from './requests.ts';
import type { OddAnswer } from './odd-answers.ts';

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
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'odd'; readonly odd: OddAnswer }
  | { readonly kind: 'hang' }
  | { readonly kind: 'revoke-token' };

/** The service answers with this status, in its usual format. `retryAfter` is in seconds, as on the wire. */
export const status = (
  code: number,
  options: {
    readonly retryAfter?: number;
    readonly message?: string;
    readonly headers?: Record<string, string>;
  } = {},
): FaultReply => ({
  kind: 'status',
  status: code,
  headers: {
    ...options.headers,
    ...(options.retryAfter === undefined ? {} : { 'Retry-After': String(options.retryAfter) }),
  },
  message: options.message ?? 'The simulated cloud was told to fail this request.',
});

/** The answer is delayed by this time of the cloud's clock. */
export const latency = (wait: Duration): FaultReply => ({
  kind: 'latency',
  waitMs: milliseconds(wait, 'wait'),
});

/**
 * The connection breaks. `before`: the service never receives the request. `after`: it does its work, and only the answer
 * is lost. @default 'before'
 */
export const reset = (when: 'before' | 'after' = 'before'): FaultReply => ({ kind: 'reset', when });

/** The answer breaks off after this many bytes of its body. */
export const truncate = (bytes: number): FaultReply => ({ kind: 'truncate', bytes });

/** The answer is a proxy's error page in HTML where JSON was expected. @default 502 */
export const htmlPage = (code = 502): FaultReply => ({ kind: 'html', status: code });

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
export const odd = (kind: OddAnswer): FaultReply => ({ kind: 'odd', odd: kind });

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

  add(script: FaultScript): ActiveFault {
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
    const replies: FaultReply[] = [];
    for (const active of this.#active) {
      const { match, skip = 0, first = Number.POSITIVE_INFINITY, percent = 100, reply } = active.script;
      if (!matches(request, match)) continue;
      active.seen += 1;
      if (active.seen <= skip || active.struck >= first) continue;
      if (percent < 100 && this.#random() * 100 >= percent) continue;
      active.struck += 1;
      replies.push(reply);
    }
    return replies;
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
