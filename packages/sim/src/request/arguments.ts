import { isShape, type OperationSpec, schemaAt, type Shape, slotsOf } from '@groundcrew/core';
import { isRecord, type Json, python, record } from '../wire.ts';

/** A body that has what it may not have, or lacks what it must have. */
export type ArgumentProblem =
  /** The body is no object. */
  | { readonly kind: 'type'; readonly at: undefined; readonly value: unknown }
  | {
      readonly kind: 'unknown';
      readonly names: readonly string[];
      readonly at: string | undefined;
      readonly value: Json;
    }
  | {
      readonly kind: 'required';
      readonly name: string;
      readonly at: string | undefined;
      readonly value: Json;
    };

/** Compares a body with the arguments that the record declares at this microversion. */
export function findProblem(
  spec: OperationSpec,
  version: string,
  body: unknown,
): ArgumentProblem | undefined {
  if (spec.verb === 'GET' || spec.verb === 'HEAD' || spec.verb === 'DELETE') return undefined;
  if (spec.body !== undefined || !isShape(spec.input)) return undefined;
  const envelope = spec.action ?? spec.send;
  const outer = record(body);
  const inner = envelope === undefined ? outer : outer[envelope];
  if (envelope !== undefined && spec.action === undefined && !isRecord(inner)) {
    return isRecord(body)
      ? { kind: 'required', name: envelope, at: undefined, value: outer }
      : { kind: 'type', at: undefined, value: body ?? null };
  }
  if (inner !== null && inner !== undefined && !isRecord(inner)) return undefined;
  return findProblemIn(record(inner), spec, spec.input, envelope, version);
}

/** Compares the fields inside the envelope with the arguments of a shape. */
function findProblemIn(
  given: Json,
  spec: OperationSpec,
  input: Shape,
  envelope: string | undefined,
  version: string,
): ArgumentProblem | undefined {
  const elsewhere = new Set([
    ...slotsOf(spec.path),
    ...Object.keys(spec.headers ?? {}),
    ...(spec.query ?? []),
    ...(spec.beside ?? []),
  ]);
  const allowed = fieldsAt(input, version);
  const unknown = Object.keys(given).filter((name) => !allowed.has(name));
  if (unknown.length > 0) return { kind: 'unknown', names: unknown, at: envelope, value: given };
  for (const [name, required] of allowed) {
    if (required && !elsewhere.has(name) && !(name in given))
      return { kind: 'required', name, at: envelope, value: given };
  }
  return undefined;
}

/** Names of query parameters that the record does not know at this microversion. */
export function unknownQuery(spec: OperationSpec, version: string, query: URLSearchParams): string[] {
  if (!isShape(spec.input)) return [];
  const allowed = fieldsAt(spec.input, version);
  return [...new Set(query.keys())].filter((name) => !allowed.has(name));
}

/** Fields of a shape at a version, and whether they must be given. */
function fieldsAt(shape: Shape, version: string): Map<string, boolean> {
  const fields = new Map<string, boolean>();
  for (const [name, field] of Object.entries(shape.fields)) {
    const schema = schemaAt(field, version);
    if (schema !== undefined) fields.set(name, !schema.safeParse(undefined).success);
  }
  return fields;
}

/** The message of jsonschema, which Nova and Cinder repeat. */
export function schemaMessage(problem: ArgumentProblem): string {
  if (problem.kind === 'type') return `${python(problem.value)} is not of type 'object'`;
  if (problem.kind === 'required') return `'${problem.name}' is a required property`;
  const names = problem.names.map((name) => `'${name}'`).join(', ');
  return `Additional properties are not allowed (${names} ${problem.names.length === 1 ? 'was' : 'were'} unexpected)`;
}
