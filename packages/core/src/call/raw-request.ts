import { InputError, maskText } from '@groundcrew/ground';
import type { z } from 'zod';
import { jsonText, notText } from './serialize-arguments.ts';
import {
  callable,
  CALL_OPTIONS,
  checkOptions,
  flag,
  type OptionRule,
  object,
  text,
} from '../options/option-checks.ts';
import type { CallOptions } from '../options/call-options.ts';
import type { Connection } from './connection.ts';
import type { ServiceFacts } from '../services/service-facts.ts';
import { decodeWith } from './decode.ts';
import { mergedHeaders } from '../wire/headers.ts';
import type { Verb } from '../record/operation.ts';
import { parseJson, request } from './request.ts';
import { secretsIn } from '../wire/sent-secrets.ts';
import { servicePath } from './service-path.ts';

/**
 * A request for what has no record yet. It asks for JSON, and parses it; with an `accept` of its own in `headers` that asks
 * for something else the body is text, as it came.
 */
export interface RawRequest<S extends z.ZodType = z.ZodType> extends CallOptions {
  /** @default 'GET' */
  readonly method?: Verb | undefined;
  /**
   * Below the service's versioned endpoint: `os-new-thing/42`. One that would lead out of it (`..`, encoded or not) is an
   * `InputError`.
   */
  readonly path: string;
  readonly query?:
    | Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
    | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly microversion?: string | undefined;
  /** Parses the body; without it the body is `unknown`. */
  readonly schema?: S | undefined;
  /** @default true for GET, HEAD, PUT and DELETE */
  readonly idempotent?: boolean | undefined;
  /** The name in events and errors. @default the path */
  readonly operation?: string | undefined;
}

/** The answer to a raw request. */
export interface RawAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, `undefined` if there was no body; text, if the request's own `accept` asks for no JSON. */
  readonly body: T;
  readonly requestIds: readonly string[];
  readonly attempts: number;
}

const RAW_REQUEST: Readonly<Record<keyof RawRequest, OptionRule>> = {
  ...(CALL_OPTIONS as Readonly<Record<keyof CallOptions, OptionRule>>),
  method: { accepts: (value) => VERBS.has(String(value)), expected: 'GET, HEAD, POST, PUT, PATCH or DELETE' },
  path: text,
  query: object,
  body: { accepts: () => true, expected: 'anything' },
  microversion: text,
  schema: {
    accepts: (value) => object.accepts(value) && callable.accepts(Reflect.get(value as object, 'safeParse')),
    expected: 'a schema of zod',
  },
  idempotent: flag,
  operation: text,
};
const VERBS: ReadonlySet<string> = new Set<Verb>(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** @throws InputError if a caller without types gives no request at all */
export function assertRawRequest(raw: RawRequest): void {
  if (object.accepts(raw)) return;
  throw new InputError('request: must be an object, such as { path: … }', {
    field: '',
    operation: 'request',
  });
}

export async function rawRequest<S extends z.ZodType>(
  connection: Connection,
  service: ServiceFacts,
  raw: RawRequest<S>,
): Promise<RawAnswer<z.output<S>>> {
  const method = raw.method ?? 'GET';
  const operation = raw.operation ?? pathIn(raw);
  checkOptions(raw, RAW_REQUEST, operation, '');
  const path = servicePath(raw.path, operation);
  const reply = await request(
    connection,
    {
      service,
      operation,
      route: operation,
      method,
      path: withQuery(path, raw.query, operation),
      headers: raw.body === undefined ? {} : { 'content-type': 'application/json' },
      body: raw.body === undefined ? undefined : jsonText(raw.body, 'body', operation),
      secrets: () => secretsIn(raw.body),
      microversion: raw.microversion,
      idempotent: raw.idempotent ?? (method !== 'POST' && method !== 'PATCH'),
    },
    raw,
  );
  const parsed = asksForText(raw.headers) ? reply.text : parseJson(reply);
  return {
    status: reply.response.status,
    headers: reply.response.headers,
    body: (raw.schema === undefined ? parsed : decodeWith(raw.schema, parsed, reply)) as z.output<S>,
    requestIds: reply.facts.requestIds,
    attempts: reply.facts.attempts,
  };
}

/** The path of a raw request, for messages. A caller without types may give anything: its check, which comes later, names the operation. */
const pathIn = ({ path }: { readonly path: unknown }): string => maskText(String(path));

/** Barbican gives payloads, and Swift listings, in no other form than that which `accept` asks for. */
function asksForText(headers: RawRequest['headers']): boolean {
  const { accept } = mergedHeaders(headers);
  return accept !== undefined && !/json|\*\/\*/i.test(accept);
}

function withQuery(path: string, query: RawRequest['query'], operation: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === null || !['string', 'number', 'boolean'].includes(typeof item))
        throw new InputError(`${operation}: query.${name}: must be text, a number, true or false`, {
          field: `query.${name}`,
          operation,
        });
      const said = String(item);
      // URLSearchParams would send U+FFFD for half of a surrogate pair: another filter than the one that was meant.
      if (!said.isWellFormed() || !name.isWellFormed()) throw notText(`query.${name}`, operation);
      parameters.append(name, said);
    }
  }
  if (parameters.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${parameters.toString()}`;
}
