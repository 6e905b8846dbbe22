import type { z } from 'zod';
import { conform, MISFIT } from './conform.ts';
import { DecodeError } from '../errors/errors.ts';
import type { OperationSpec } from '../record/operation.ts';
import type { Reply } from './request.ts';
import { schemaAt } from '../record/shape.ts';

/** Opens the envelope of a parsed body: what the record calls `receive`, or the whole. */
export function unwrap(spec: OperationSpec, body: unknown, reply: Reply): unknown {
  // A success without a body has nothing to open: whether that may be is for the shape to say.
  if (spec.receive === undefined || body === undefined) return body;
  if (typeof body === 'object' && body !== null && spec.receive in body) {
    return (body as Record<string, unknown>)[spec.receive];
  }
  throw misfit(reply, spec.receive, `the answer has no \`${spec.receive}\``);
}

/**
 * The items of a page of a list. What is no list (no body, `null`, `{}`, `{ "servers": null }`, `{ "servers": 5 }`) is an
 * error: taken for an empty list it would say that there is nothing, which the service did not say.
 */
export function unwrapList(spec: OperationSpec, body: unknown, reply: Reply): readonly unknown[] {
  // Swift's API has a status for a list of nothing; Ceph's gateway answers it whatever the format is.
  if (body === undefined && spec.page === 'name' && reply.response.status === 204) return [];
  if (body === undefined) throw misfit(reply, spec.receive ?? '', 'the answer to a list has no body');
  const items = unwrap(spec, body, reply);
  if (Array.isArray(items)) return items;
  throw misfit(reply, spec.receive ?? '', `a list was expected, and this is ${kindOf(items)}`);
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;

/** Parses one entity at the microversion that was asked for. Unknown fields pass. */
export function decode(spec: OperationSpec, version: string, value: unknown, reply: Reply): unknown {
  if (spec.output === undefined) return undefined;
  const schema = schemaAt(spec.output, version);
  if (schema === undefined) return undefined;
  const fitting = conform(schema, value);
  return fitting === MISFIT ? decodeWith(schema, value, reply, spec.receive) : fitting;
}

/**
 * Parses one element of a list.
 *
 * @param index - its place in the whole list, from 0
 */
export function decodeElement(
  spec: OperationSpec,
  version: string,
  value: unknown,
  reply: Reply,
  index: number,
): unknown {
  const schema = spec.output === undefined ? undefined : schemaAt(spec.output, version);
  if (schema === undefined) return undefined;
  const fitting = conform(schema, value);
  if (fitting !== MISFIT) return fitting;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const element = { index, id: idOf(value) };
  const field = [spec.receive, index, ...(issue?.path ?? [])].filter((part) => part !== undefined).join('.');
  const which = element.id === undefined ? '' : ` (${element.id})`;
  throw misfit(reply, field, `${issue?.message ?? 'does not fit'}${which}`, result.error, element);
}

/** An id as text, if the element has one that is short enough to be one. */
function idOf(value: unknown): string | undefined {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return (typeof id === 'string' && id.length <= 255) || typeof id === 'number' ? String(id) : undefined;
}

export function decodeWith(schema: z.ZodType, value: unknown, reply: Reply, envelope?: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = [...(envelope === undefined ? [] : [envelope]), ...(issue?.path ?? [])].map(String).join('.');
  throw misfit(reply, field, issue?.message ?? 'does not fit', result.error);
}

function misfit(
  reply: Reply,
  field: string,
  why: string,
  cause?: unknown,
  element?: DecodeError['element'],
): DecodeError {
  const { service, operation } = reply.facts;
  return new DecodeError(`${service} ${operation}: ${field}: ${why}`, reply.facts, {
    field,
    status: reply.response.status,
    remedy: 'If the service is right, the record is wrong: please report it with this field and the release.',
    cause,
    element,
  });
}
