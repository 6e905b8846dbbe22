import type { z } from 'zod';
import { InputError } from '../errors/errors.ts';
import { headerFault, isHeaderName, TRIM } from '../wire/headers.ts';
import { headerText } from './header-fields.ts';
import { type OperationSpec, slotsOf } from '../record/operation.ts';
import { secretsIn } from '../wire/sent-secrets.ts';
import { Secret } from '@groundcrew/ground';
import { absentAt, isShape, schemaAt } from '../record/shape.ts';

/** The arguments of a call, as they are sent. */
export interface SerializedArguments {
  /** The path with its slots filled, and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** The secrets among the arguments: an answer or error is shown without them. */
  readonly secrets: () => readonly string[];
}

/** Parses arguments by the record and puts each into its place: path, query, headers or body. */
export function serializeArguments(
  spec: OperationSpec,
  operation: string,
  version: string,
  input: unknown,
): SerializedArguments {
  const fields = parse(spec, operation, version, input);
  const slots = knownSlots(spec);
  const path = spec.path.replaceAll(/\{([^}]+)\}/g, (_, slot: string) =>
    pathSegment(fields[slot], slot, operation),
  );

  const headers: Record<string, string> = {};
  const query: [string, unknown][] = [];
  const body: Record<string, unknown> = {};
  const inQuery = spec.verb === 'GET' || spec.verb === 'HEAD' || spec.verb === 'DELETE';
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || slots.includes(name)) continue;
    const header = spec.headers?.[name];
    if (header?.endsWith('*') === true)
      Object.assign(headers, metadataHeaders(header.slice(0, -1), value, name, operation));
    else if (header !== undefined) headers[header.toLowerCase()] = headerValue(value, name, operation);
    else if (name === spec.body) continue;
    else if (spec.query?.includes(name) || (inQuery && spec.body === undefined)) query.push([name, value]);
    else body[name] = value;
  }

  const content = encode(spec, operation, fields, body);
  if (content !== undefined) headers['content-type'] = spec.contentType ?? 'application/json';
  return {
    path: path + queryText(query, operation),
    headers,
    body: content,
    secrets: () => secretsIn(fields),
  };
}

const slotsBySpec = new WeakMap<OperationSpec, readonly string[]>();

function knownSlots(spec: OperationSpec): readonly string[] {
  let slots = slotsBySpec.get(spec);
  if (slots === undefined) slotsBySpec.set(spec, (slots = slotsOf(spec.path)));
  return slots;
}

function parse(
  spec: OperationSpec,
  operation: string,
  version: string,
  input: unknown,
): Record<string, unknown> {
  const schema = schemaAt(spec.input, version);
  if (schema === undefined)
    throw new InputError(`${operation} takes no arguments at ${version}`, { field: '', operation });
  const result = schema.safeParse(input === undefined ? {} : input);
  if (result.success) return result.data as Record<string, unknown>;
  throw inputError(spec, operation, version, result.error);
}

function inputError(spec: OperationSpec, operation: string, version: string, error: z.ZodError): InputError {
  const issue = error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].map(String).join('.');
  const came =
    unknown !== undefined && isShape(spec.input) ? absentAt(spec.input, version).get(unknown) : undefined;
  const why =
    came === undefined
      ? unknown === undefined
        ? (issue?.message ?? 'does not fit')
        : 'no such argument'
      : came === '0.0'
        ? `is gone at microversion ${version}`
        : `needs microversion ${came}, this call is made at ${version}`;
  return new InputError(`${operation}: ${field === '' ? 'arguments' : field}: ${why}`, {
    field,
    operation,
    cause: error,
    ...(came === undefined || came === '0.0' ? {} : { remedy: `Pin the service: at('${came}').` }),
  });
}

/**
 * One segment of a path. `.` and `..` would climb out of it, even encoded: URL parsers resolve `%2e%2e` too.
 *
 * @throws InputError naming the slot, for what can be none
 */
export function pathSegment(value: unknown, slot: string, operation: string): string {
  const text =
    typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : value instanceof Secret
        ? value.reveal()
        : '';
  if (text === '' || text === '.' || text === '..') {
    throw new InputError(
      `${operation}: ${slot}: ${text === '' ? 'empty' : `\`${text}\``} is no path segment`,
      {
        field: slot,
        operation,
      },
    );
  }
  // Half of a pair of surrogates is no character: no encoding has it, and `encodeURIComponent` throws a URIError.
  if (!text.isWellFormed()) throw notText(slot, operation);
  return encodeURIComponent(text);
}

/** For what no encoding has: half of a surrogate pair. */
export const notText = (field: string, operation: string): InputError =>
  new InputError(`${operation}: ${field}: is no text: it has half of a surrogate pair`, { field, operation });

function queryText(query: readonly [string, unknown][], operation: string): string {
  if (query.length === 0) return '';
  const parameters = new URLSearchParams();
  for (const [name, value] of query) {
    for (const item of Array.isArray(value) ? value : [value]) {
      const text = scalar(item);
      // URLSearchParams would send U+FFFD for it: another filter than the one that was meant.
      if (!text.isWellFormed()) throw notText(name, operation);
      parameters.append(name, text);
    }
  }
  return `?${parameters.toString()}`;
}

const scalar = (value: unknown): string =>
  typeof value === 'object' && value !== null && !(value instanceof Secret)
    ? JSON.stringify(value)
    : plain(value);

/** Text of a header, refused by the name of the argument where no header can carry it. It may be a secret, and is not shown. */
export function headerValue(value: unknown, field: string, operation: string): string {
  const text = plain(value);
  const why = headerFault(text);
  if (why === undefined) return text;
  throw new InputError(`${operation}: ${field}: ${why}`, { field, operation, remedy: TRIM });
}

/**
 * A header for each entry of an object of texts: Swift's metadata. They are sent as UTF-8, so that they may be of any script.
 *
 * @throws InputError for a name that no header can have, and for text that none can carry
 */
export function metadataHeaders(
  prefix: string,
  value: unknown,
  field: string,
  operation: string,
): Record<string, string> {
  const headers = Object.entries(value as Readonly<Record<string, string>>).map(
    ([name, text]): [string, string] => {
      const at = `${field}.${name}`;
      if (!isHeaderName(name))
        throw new InputError(`${operation}: ${field}: ${JSON.stringify(name)} is no name of a header`, {
          field,
          operation,
        });
      if (!text.isWellFormed()) throw notText(at, operation);
      return [`${prefix}${name}`.toLowerCase(), headerValue(headerText(text), at, operation)];
    },
  );
  return Object.fromEntries(headers);
}

const plain = (value: unknown): string => (value instanceof Secret ? value.reveal() : String(value));

function encode(
  spec: OperationSpec,
  operation: string,
  fields: Record<string, unknown>,
  body: Record<string, unknown>,
): string | undefined {
  const json = (value: unknown): string => jsonText(value, spec.body ?? '', operation);
  if (spec.body !== undefined) return fields[spec.body] === undefined ? undefined : json(fields[spec.body]);
  const given = Object.keys(body).length > 0;
  if (spec.action !== undefined)
    return json({ [spec.action]: given || spec.send !== undefined ? body : null });
  if (spec.verb === 'GET' || spec.verb === 'HEAD' || spec.verb === 'DELETE') return undefined;
  // Glance refuses a POST without a body, even where every field is optional. Swift, where all fields are headers, would take the
  // type of an empty one for that of the object.
  const isNeeded = spec.verb === 'POST' && spec.headers === undefined;
  if (spec.send === undefined) return given || isNeeded ? json(body) : undefined;
  const beside: Record<string, unknown> = {};
  for (const name of spec.beside ?? []) {
    if (name in body) beside[name] = body[name];
    delete body[name];
  }
  return json({ [spec.send]: body, ...beside });
}

/**
 * The one place where a `Secret` of a body is revealed: on its way to the wire.
 *
 * @throws InputError for what JSON does not have: a circle, a BigInt, a function
 */
export function jsonText(value: unknown, field: string, operation: string): string {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(value, function reveal(this: Record<string, unknown>, key, serialised: unknown) {
      // JSON.stringify has already called toJSON, which hides: look at the original.
      const original = this[key];
      return original instanceof Secret ? original.reveal() : serialised;
    });
  } catch (error) {
    cause = error;
  }
  if (text !== undefined) return text;
  throw new InputError(`${operation}: ${field === '' ? 'arguments' : field}: cannot be written as JSON`, {
    field,
    operation,
    cause,
  });
}
