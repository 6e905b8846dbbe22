import { InputError } from '@groundcrew/ground';
import { type Conversation, type RecordedExchange, requestKey } from '@groundcrew/core/conversation';
import type { Answer } from '../answer.ts';
import { type FaultReply, hang, reset, truncate } from '../faults.ts';
import { ServiceFault } from '../fault.ts';
import type { SimulatedService } from '../service.ts';
import type { Token } from '../services/identity/state.ts';
import { isLogin, RecordedCaller } from './recorded-caller.ts';
import { RecordedLinks } from './recorded-links.ts';
import { askedDocument, recordedDocument } from './version-documents.ts';

/** What a request gets that the conversation has no answer to. */
export type Unrecorded = 'refuse' | 'simulate';

interface AskedRequest {
  readonly request: Request;
  readonly url: URL;
  readonly service: SimulatedService;
  /** `undefined` of a request without a valid token. */
  readonly token: Token | undefined;
}

/** How a request is answered by the conversation: as it was, or with a refusal, because nobody knows how. */
export interface Replayed {
  readonly answer: Answer | ServiceFault;
  /** What happens to the connection. */
  readonly effects: readonly FaultReply[];
}

/**
 * Answers requests as they were answered when a conversation was recorded: by service, method, path below the service's endpoint,
 * query and microversion. What was asked several times is answered in that order, and from then on with the last answer.
 *
 * Tokens and the catalogue are the simulated cloud's own, and so is a version document that was not recorded.
 */
export class Replay {
  readonly #unrecorded: Unrecorded;
  readonly #answers = new Map<string, RecordedExchange[]>();
  readonly #links: RecordedLinks;
  readonly #caller: RecordedCaller;

  constructor({ exchanges }: Conversation, unrecorded: Unrecorded) {
    this.#unrecorded = unrecorded;
    this.#links = new RecordedLinks(exchanges);
    this.#caller = new RecordedCaller(exchanges);
    for (const exchange of exchanges) {
      const key = keyOf(exchange);
      // What the caller gave up says nothing of the service.
      if (key === undefined || exchange.failure?.kind === 'aborted') continue;
      const before = this.#answers.get(key);
      if (before === undefined) this.#answers.set(key, [exchange]);
      else before.push(exchange);
    }
  }

  /** The answer to a request; `undefined` if it is the simulated cloud's own. */
  take({ request, url, service, token }: AskedRequest): Replayed | undefined {
    const rest = restOf(url, service);
    const document = request.method === 'GET' ? askedDocument(rest) : undefined;
    if (document !== undefined) {
      const exchange = this.#next(documentKey(service.spec.name, document));
      return exchange === undefined ? undefined : this.#replayed(exchange, url.origin);
    }
    const path = belowVersion(rest, service);
    if (token === undefined || (service.spec.name === 'identity' && path.startsWith('auth/')))
      return undefined;
    const asked = {
      service: service.spec.name,
      method: request.method,
      path: this.#caller.asks(path + url.search, token),
      headers: request.headers,
    };
    const exchange = this.#next(requestKey(asked));
    if (exchange !== undefined) return this.#replayed(exchange, url.origin);
    return this.#unrecorded === 'simulate'
      ? undefined
      : refused(`The conversation has no answer to ${asked.method} ${asked.path} of ${asked.service}.`);
  }

  #next(key: string): RecordedExchange | undefined {
    const left = this.#answers.get(key);
    return left !== undefined && left.length > 1 ? left.shift() : left?.[0];
  }

  #replayed({ method, url, answer, failure }: RecordedExchange, origin: string): Replayed {
    if (answer === undefined) {
      const effects = [failure?.kind === 'timeout' ? hang() : reset()];
      return { answer: { status: 502 }, effects };
    }
    const { status, body } = answer;
    if (body !== undefined && 'left' in body)
      return refused(`The answer to ${method} ${url} was recorded without its body (${body.left}).`);
    if (status < 200 || status > 599)
      return refused(`The answer to ${method} ${url} had the status ${status}, which cannot be simulated.`);
    const raw =
      body === undefined
        ? undefined
        : 'json' in body
          ? JSON.stringify(this.#links.lead(body.json, origin))
          : body.text;
    const headers = Object.fromEntries(
      Object.entries(answer.headers)
        // The time is the simulated cloud's, by which tokens expire.
        .filter(([name, value]) => name !== 'date' && value !== '***')
        .map(([name, value]) => [name, this.#links.leadText(value, origin)]),
    );
    return {
      answer: { status, headers, ...(raw === undefined ? {} : { raw }) },
      effects: failure === undefined ? [] : [truncate(raw?.length ?? 0)],
    };
  }
}

const refused = (why: string): Replayed => ({
  answer: new ServiceFault(501, why, { type: 'notRecorded' }),
  effects: [],
});

/** What a recorded request is found by; `undefined` of one that is never asked for: a login, what is no service's. */
function keyOf(exchange: RecordedExchange): string | undefined {
  const { service, method, url, endpoint, request } = exchange;
  if (service === undefined || isLogin(exchange)) return undefined;
  const document = recordedDocument(exchange);
  if (document !== undefined) return documentKey(service, document);
  if (endpoint === undefined) return undefined;
  return requestKey({ service, method, path: url.slice(endpoint.length + 1), headers: request.headers });
}

const documentKey = (service: string, document: string): string => `${document} of ${service}`;

/** The path below the service, without the slashes around it. */
const restOf = ({ pathname }: URL, { prefix }: SimulatedService): string =>
  pathname
    .replaceAll(/\/{2,}/g, '/')
    .slice(prefix.length)
    .replace(/^\//, '')
    .replace(/\/$/, '');

/** The path below the version, and below the project that Cinder's and Masakari's endpoints may end with. */
function belowVersion(rest: string, { prefix }: SimulatedService): string {
  const path = rest.replace(/^v\d{1,3}(?:\.\d{1,3})?\//, '');
  return WITH_PROJECT.has(prefix) ? path.replace(/^[0-9a-f]{32}(?:\/|$)/, '') : path;
}

const WITH_PROJECT = new Set(['/volume', '/instance-ha']);

/**
 * The replay that a cloud's options ask for.
 *
 * @throws InputError for what would have no effect
 */
export function replayOf({
  conversation,
  unrecorded,
}: {
  readonly conversation?: Conversation | undefined;
  readonly unrecorded?: Unrecorded | undefined;
}): Replay | undefined {
  if (conversation !== undefined) return new Replay(conversation, unrecorded ?? 'refuse');
  if (unrecorded === undefined) return undefined;
  throw new InputError('simulateCloud: unrecorded: there is no conversation', {
    field: 'unrecorded',
    operation: 'simulateCloud',
  });
}
