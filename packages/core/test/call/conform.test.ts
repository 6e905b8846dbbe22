import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { conform, MISFIT } from '../../src/call/conform.ts';
import { type OperationSpec, records, schemaAt, type ServiceSpec } from '../../src/index.ts';
import { Links } from '../../src/record/links.ts';
import { Secret } from '@groundcrew/ground';
import { Timestamp } from '../../src/record/timestamp.ts';

const copyOf = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);

/**
 * Nothing, or what is wrong: `conform` parses a value to what zod parses it to, or changes nothing. It may leave a value to zod,
 * but not take one that zod refuses.
 */
function differenceFromZod(schema: z.ZodType, value: unknown): object | undefined {
  const expected = schema.safeParse(copyOf(value));
  const own = copyOf(value);
  const result = conform(schema, own);
  const isSame =
    result === MISFIT
      ? isDeepStrictEqual(own, copyOf(value))
      : expected.success && isDeepStrictEqual(result, expected.data);
  return isSame ? undefined : { value, result, expected };
}

/** Values that a schema might meet: most fit, some do not. */
function likely(schema: z.ZodType): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: fitting(schema) }, { weight: 1, arbitrary: fc.jsonValue() });
}

function fitting(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodString)
    return fc.oneof(fc.string(), fc.constantFrom('2026-01-01T10:00:00.000000', '2026-01-01T10:00:00Z', ''));
  if (schema instanceof z.ZodNumber) return fc.oneof(fc.integer(), fc.double({ noNaN: true }));
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNull) return fc.constant(null);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    const none = schema instanceof z.ZodOptional ? undefined : null;
    return fc.oneof(fc.constant(none), likely(schema.unwrap() as z.ZodType));
  }
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((option) => likely(option as z.ZodType)));
  if (schema instanceof z.ZodArray) return fc.array(likely(schema.element as z.ZodType), { maxLength: 3 });
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(fc.string(), likely(schema.valueType as z.ZodType), { maxKeys: 3 });
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape);
    return fc.record({
      ...Object.fromEntries(fields.map(([name, field]) => [name, likely(field)])),
      'x-unknown': fc.jsonValue({ maxDepth: 1 }),
    });
  }
  return fc.jsonValue({ maxDepth: 2 });
}

const VERSIONS = ['0.0', '1.39', '2.1', '2.79', '2.100', '3.70'];
const operations = Object.values<ServiceSpec>({ ...records }).flatMap((service) =>
  Object.values(service.resources).flatMap((resource) =>
    Object.entries(resource.operations).map(
      ([name, spec]) => [`${service.name} ${resource.name}.${name}`, spec] as [string, OperationSpec],
    ),
  ),
);
const answers = new Map<z.ZodType, string>();
for (const [name, { output }] of operations) {
  for (const version of VERSIONS) {
    const schema = output === undefined ? undefined : schemaAt(output, version);
    if (schema !== undefined && !answers.has(schema)) answers.set(schema, `${name} at ${version}`);
  }
}

test('what the answers of all operations are parsed to is what zod parses them to', () => {
  expect(answers.size).toBeGreaterThan(200);
  for (const schema of answers.keys())
    fc.assert(
      fc.property(likely(schema), (value) => differenceFromZod(schema, value) === undefined),
      { numRuns: 15 },
    );
});

test('an answer that fits is parsed without a copy, wherever its schema transforms nothing', () => {
  let same = 0;
  for (const schema of answers.keys()) {
    const [value] = fc.sample(fitting(schema), { numRuns: 1, seed: 1 });
    if (!(schema instanceof z.ZodObject)) continue;
    const own = copyOf(value);
    const result = conform(schema, own);
    if (result === MISFIT) continue;
    same += 1;
    expect(result, answers.get(schema)).toBe(own);
  }
  expect(same).toBeGreaterThan(100);
});

describe('conform', () => {
  test('writes what is transformed into the value itself, when all of it fits', () => {
    const schema = z.looseObject({ created: Timestamp, by: z.looseObject({ at: z.array(Timestamp) }) });
    const value = { created: '2026-01-01 10:00:00', by: { at: ['2026-01-01T10:00:00', 'never'] }, more: 1 };
    expect(conform(schema, value)).toBe(value);
    expect(value).toEqual({
      created: '2026-01-01T10:00:00Z',
      by: { at: ['2026-01-01T10:00:00Z', 'never'] },
      more: 1,
    });
  });

  test('changes nothing of a value that does not fit, nor by an option of a union that does not', () => {
    const option = z.looseObject({ at: Timestamp, id: z.number() });
    const schema = z.union([option, z.looseObject({ at: z.string() })]);
    const value = { at: '2026-01-01 10:00:00', id: 'x' };
    expect(conform(option, value)).toBe(MISFIT);
    expect(conform(schema, value)).toBe(value);
    expect(value).toEqual({ at: '2026-01-01 10:00:00', id: 'x' });
  });

  test('leaves out `__proto__`, as zod does', () => {
    const text = '{"id": "a", "__proto__": {"isAdmin": true}}';
    for (const schema of [z.looseObject({ id: z.string() }), z.record(z.string(), z.unknown())]) {
      const result = conform(schema, JSON.parse(text)) as Record<string, unknown>;
      expect(Object.keys(result)).toEqual(['id']);
      expect(result['isAdmin']).toBeUndefined();
      expect({ ...result }).not.toHaveProperty('isAdmin');
    }
  });

  test.each<[string, z.ZodType]>([
    ['a pattern', z.looseObject({ a: z.string().regex(/^x/) })],
    ['a length', z.looseObject({ a: z.string().min(3) })],
    ['a coercion', z.looseObject({ a: z.coerce.string() })],
    ['a whole number', z.looseObject({ a: z.int() })],
    ['a format', z.looseObject({ a: z.email() })],
    ['a default', z.looseObject({ a: z.string().default('d') })],
    ['a catch', z.looseObject({ a: z.string().catch('c') })],
    ['a transformation', z.looseObject({ a: z.string().transform((text) => text.length) })],
    ['several overwrites', z.looseObject({ a: z.string().trim().toUpperCase() })],
    ['an object that strips', z.object({ a: z.string() })],
    ['a strict object', z.strictObject({ a: z.string() })],
    ['a refinement of an object', z.looseObject({ a: z.string() }).refine(({ a }) => a === 'x')],
    ['a refinement of a field', z.looseObject({ a: z.string().refine((text) => text === 'x') })],
    ['a list with a length', z.looseObject({ a: z.array(z.string()).min(2) })],
    ['a discriminated union', z.discriminatedUnion('a', [z.object({ a: z.literal('x') })])],
    ['a tuple', z.looseObject({ a: z.tuple([z.string()]) })],
    ['an intersection', z.looseObject({ a: z.string() }).and(z.looseObject({ b: z.string() }))],
    ['something lazy', z.lazy(() => z.looseObject({ a: z.string() }))],
    ['a key of a kind', z.looseObject({ a: z.record(z.enum(['k']), z.string()) })],
    ['nothing at all', z.looseObject({ a: z.unknown() })],
    ['links', z.looseObject({ a: Links })],
    ['a field that may be null or absent', z.looseObject({ a: z.string().nullish() })],
  ])('judges %s as zod does', (_, schema) => {
    for (const a of [
      'x',
      'xyz',
      ' x ',
      '',
      1,
      1.5,
      null,
      undefined,
      true,
      [],
      ['x'],
      ['x', 'y'],
      { k: 'v' },
    ]) {
      expect(differenceFromZod(schema, { a })).toBeUndefined();
      expect(differenceFromZod(schema, { a, b: 'b', c: 1 })).toBeUndefined();
    }
    for (const other of [undefined, null, 1, 'x', [], {}])
      expect(differenceFromZod(schema, other)).toBeUndefined();
  });

  test('makes of a text what its schema makes of it', () => {
    const schema = z.looseObject({ secret: z.string().transform((text) => Secret.of(text)) });
    const value: { secret: unknown } = { secret: 's' };
    expect(conform(schema, value)).toBe(value);
    expect(value.secret).toBeInstanceOf(Secret);
  });
});
