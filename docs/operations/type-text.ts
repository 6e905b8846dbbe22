import { Secret } from '@groundcrew/core';
import { z } from 'zod';

/** The part of a JSON schema that arguments use. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly $ref?: string;
}

/** What a caller may give for a schema, in the notation of TypeScript: `string | string[]`. */
export function typeText(schema: z.ZodType): string {
  // What JSON cannot say (a stream, a check of one's own) is `unknown` here; the compiler knows it.
  const text = textOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  return schema.safeParse(new Secret('')).success
    ? text.replace('string | unknown', 'string | Secret')
    : text;
}

/** Whether an argument may be left out. */
export const isOptional = (schema: z.ZodType): boolean => schema.safeParse(undefined).success;

function textOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return [...new Set(union.map(textOf))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map(textOf).join(' & ');
  if (Array.isArray(schema.type))
    return schema.type.map((type: string) => textOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'array':
      return arrayText(schema);
    case 'object':
      return objectText(schema);
    case 'integer':
      return 'integer';
    case undefined:
      return schema.$ref === undefined ? 'unknown' : 'object';
    default:
      return String(schema.type);
  }
}

function arrayText({ items, prefixItems }: JsonSchema): string {
  if (prefixItems !== undefined) return `[${prefixItems.map(textOf).join(', ')}]`;
  const item = items === undefined ? 'unknown' : textOf(items);
  return /[ |&]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
}

function objectText({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `${nameText(name)}${required.includes(name) ? '' : '?'}: ${textOf(field)}`,
  );
  if (typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0)
    fields.push(`[name]: ${textOf(additionalProperties)}`);
  return fields.length === 0 ? 'object' : `{ ${fields.join('; ')} }`;
}

const nameText = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));
