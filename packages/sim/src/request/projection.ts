import { isShape, schemaAt, type OperationSpec, type Schema } from '@groundcrew/core';
import { isRecord, type Json } from '../wire.ts';

/**
 * Leaves out the fields of an answer that the record gives to other microversions only.
 *
 * Handlers return all fields; they themselves form those that *change* with the version.
 */
export function project(spec: OperationSpec, version: string, body: unknown): unknown {
  if (spec.output === undefined || !isRecord(body)) return body;
  if (spec.receive === undefined) return projectOne(spec.output, version, body);
  const inner = body[spec.receive];
  const output = spec.output;
  const seen = Array.isArray(inner)
    ? inner.map((element) => projectOne(output, version, element))
    : projectOne(output, version, inner);
  return { ...body, [spec.receive]: seen };
}

function projectOne(schema: Schema, version: string, value: unknown): unknown {
  if (!isShape(schema) || !isRecord(value)) return value;
  let shown: Json | undefined;
  for (const [name, field] of Object.entries(schema.fields)) {
    if (!(name in value)) continue;
    if (schemaAt(field, version) === undefined) {
      shown ??= { ...value };
      delete shown[name];
    } else if (isShape(field)) {
      shown ??= { ...value };
      shown[name] = projectOne(field, version, value[name]);
    }
  }
  return shown ?? value;
}
