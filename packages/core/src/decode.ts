import type { z } from 'zod';
import { DecodeError } from './errors.ts';
import type { OperationSpec } from './operation.ts';
import type { Reply } from './request.ts';
import { schemaAt } from './shape.ts';

/** Opens the envelope of a parsed body: what the record calls `receive`, or the whole. */
export function open(spec: OperationSpec, body: unknown, reply: Reply): unknown {
  // A success without a body has nothing to open: whether that may be is for the shape to say.
  if (spec.receive === undefined || body === undefined) return body;
  if (typeof body === 'object' && body !== null && spec.receive in body) {
    return (body as Record<string, unknown>)[spec.receive];
  }
  throw misfit(reply, spec.receive, `the answer has no \`${spec.receive}\``);
}

/** Parses one entity at the microversion that was asked for. Unknown fields pass. */
export function decode(spec: OperationSpec, version: string, value: unknown, reply: Reply): unknown {
  if (spec.output === undefined) return undefined;
  const schema = schemaAt(spec.output, version);
  return schema === undefined ? undefined : decodeWith(schema, value, reply, spec.receive);
}

export function decodeWith(schema: z.ZodType, value: unknown, reply: Reply, envelope?: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = [...(envelope === undefined ? [] : [envelope]), ...(issue?.path ?? [])].map(String).join('.');
  throw misfit(reply, field, issue?.message ?? 'does not fit', result.error);
}

function misfit(reply: Reply, field: string, why: string, cause?: unknown): DecodeError {
  const { service, operation } = reply.facts;
  return new DecodeError(`${service} ${operation}: ${field}: ${why}`, reply.facts, {
    field,
    status: reply.response.status,
    remedy: 'If the service is right, the record is wrong: please report it with this field and the release.',
    cause,
  });
}
