import { z } from 'zod';
import { type AtLeast, compareMicroversions } from './microversion.ts';

/**
 * The shape of an answer or of arguments, over all microversions at once.
 *
 * A shape is a table of fields. A field is a zod schema, or the steps by which it came, changed and went
 * ({@link since}, {@link until}, {@link changes}). {@link schemaAt} makes the one zod schema that is true at a
 * microversion, and {@link OutputAt} is its type, so that a field which the version asked for does not have is a
 * compile error, and not `undefined` at run time.
 *
 * The schema is always chosen by the version asked for, never by trial: only 64 of 83 of Nova's own samples
 * match exactly one variant of its API description.
 */
export interface Shape<F extends Fields = Fields, M extends Strictness = Strictness> {
  readonly kind: 'shape';
  readonly strictness: M;
  readonly fields: F;
}

/** The treatment of fields that a shape does not name: `loose` keeps unknown fields (answers); `strict` rejects them (arguments). */
export type Strictness = 'loose' | 'strict';

/** The fields of a shape, by their wire names. */
export type Fields = { readonly [name: string]: Schema };

/** One step of a field's history: from this microversion on it has this schema; `null`: it is gone. */
export type ShapeStep = readonly [from: string, schema: z.ZodType | Shape | null];

/** A schema with a history. */
export interface Versioned<S extends readonly ShapeStep[] = readonly ShapeStep[]> {
  readonly kind: 'versioned';
  readonly steps: S;
}

/** A schema that a record may have as `input`, `output` or as a field. */
export type Schema = z.ZodType | Shape | Versioned;

/** The shape of what a server answers: unknown fields pass, and are read with `extra()`. */
export const answer = <const F extends Fields>(fields: F): Shape<F, 'loose'> => ({
  kind: 'shape',
  strictness: 'loose',
  fields,
});

/** The shape of what a caller may give: unknown fields are an error that names them. */
export const args = <const F extends Fields>(fields: F): Shape<F, 'strict'> => ({
  kind: 'shape',
  strictness: 'strict',
  fields,
});

/** A field that microversion `from` introduced. */
export const since = <const V extends string, S extends z.ZodType | Shape>(
  from: V,
  schema: S,
): Versioned<readonly [readonly [V, S]]> => ({ kind: 'versioned', steps: [[from, schema]] });

/** A field that microversion `gone` removed: it was there before. */
export const until = <const V extends string, S extends z.ZodType | Shape>(
  gone: V,
  schema: S,
): Versioned<readonly [readonly ['0.0', S], readonly [V, null]]> => ({
  kind: 'versioned',
  steps: [
    ['0.0', schema],
    [gone, null],
  ],
});

/** A field that changed: `[from, schema]`, oldest first; `null` from the version that removed it. */
export const changes = <const S extends readonly ShapeStep[]>(...steps: S): Versioned<S> => ({
  kind: 'versioned',
  steps,
});

const cache = new WeakMap<Shape, Map<string, z.ZodType>>();

/** The schema that is true at `version`; `undefined` if there is none at that version. */
export function schemaAt(schema: Schema, version: string): z.ZodType | undefined {
  if (isVersioned(schema)) {
    const step = stepAt(schema, version);
    return step === null ? undefined : schemaAt(step, version);
  }
  if (!isShape(schema)) return schema;
  let known = cache.get(schema);
  if (known === undefined) cache.set(schema, (known = new Map()));
  let made = known.get(version);
  if (made === undefined) {
    // Versions between two steps share one schema, so that its parser is compiled once.
    const era = `since ${eraOf(schema, version)}`;
    made = known.get(era) ?? build(schema, version);
    known.set(era, made);
    known.set(version, made);
  }
  return made;
}

/** Fields that exist in some microversion, but not in `version`, each with the version that introduced it. */
export function absentAt(shape: Shape, version: string): Map<string, string> {
  const absent = new Map<string, string>();
  for (const [name, field] of Object.entries(shape.fields)) {
    if (isVersioned(field) && stepAt(field, version) === null) absent.set(name, field.steps[0]?.[0] ?? '');
  }
  return absent;
}

/** Whether a schema is a {@link Shape}. */
export const isShape = (schema: Schema): schema is Shape => 'kind' in schema && schema.kind === 'shape';
/** Whether a schema has a history ({@link Versioned}). */
export const isVersioned = (schema: Schema): schema is Versioned =>
  'kind' in schema && schema.kind === 'versioned';

function stepAt(versioned: Versioned, version: string): z.ZodType | Shape | null {
  let current: z.ZodType | Shape | null = null;
  for (const [from, schema] of versioned.steps) {
    if (compareMicroversions(version, from) < 0) break;
    current = schema;
  }
  return current;
}

function build(shape: Shape, version: string): z.ZodType {
  const fields: Record<string, z.ZodType> = {};
  for (const [name, field] of Object.entries(shape.fields)) {
    const schema = schemaAt(field, version);
    if (schema !== undefined) fields[name] = schema;
  }
  return shape.strictness === 'loose' ? z.looseObject(fields) : z.strictObject(fields);
}

/** The newest step of the whole shape that `version` has reached. */
function eraOf(shape: Shape, version: string): string {
  let era = '';
  for (const from of breakpoints(shape)) if (compareMicroversions(version, from) >= 0) era = from;
  return era;
}

const breakpointsOf = new WeakMap<Schema, readonly string[]>();

/** The microversions at which a schema changes, oldest first. */
export function breakpoints(schema: Schema): readonly string[] {
  const known = breakpointsOf.get(schema);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const visit = (part: Schema): void => {
    if (isShape(part)) Object.values(part.fields).forEach(visit);
    else if (isVersioned(part)) {
      for (const [from, step] of part.steps) {
        found.add(from);
        if (step !== null) visit(step);
      }
    }
  };
  visit(schema);
  const sorted = [...found].toSorted(compareMicroversions);
  breakpointsOf.set(schema, sorted);
  return sorted;
}

// --- types -------------------------------------------------------------------------------------------------

/**
 * The type that a schema yields at microversion `V`. With `V = string`, versioned fields are optional. Of unknown fields, which
 * an answer keeps, the type says nothing: what is misspelt, or not in `V`, does not compile.
 */
export type OutputAt<S, V extends string = string> = S extends z.ZodType
  ? z.output<S>
  : S extends Versioned<infer Steps>
    ? OutputAt<SchemaOf<Steps, V>, V>
    : S extends Shape<infer F>
      ? Flat<RequiredOut<F, V> & OptionalOut<F, V>>
      : never;

/** The type that a caller may give for a schema at microversion `V`. */
export type InputAt<S, V extends string = string> = S extends z.ZodType
  ? z.input<S>
  : S extends Versioned<infer Steps>
    ? InputAt<SchemaOf<Steps, V>, V>
    : S extends Shape<infer F>
      ? Flat<RequiredIn<F, V> & OptionalIn<F, V>>
      : never;

/** The schema that a history has at `V`; `never` if none. */
type SchemaOf<Steps extends readonly ShapeStep[], V extends string> = string extends V
  ? Exclude<Steps[number][1], null>
  : Exclude<Reached<Steps, V, null>, null>;

type Reached<Steps, V extends string, Current> = Steps extends readonly [
  readonly [infer From extends string, infer S],
  ...infer Rest,
]
  ? AtLeast<V, From> extends true
    ? Reached<Rest, V, S>
    : Current
  : Current;

/** Whether a field may be missing: said by its schema, or unknown since the version is. */
type MayMiss<Field, V extends string, Side extends 'in' | 'out'> =
  Field extends Versioned<infer Steps>
    ? string extends V
      ? true
      : MayMiss<SchemaOf<Steps, V>, V, Side>
    : Field extends z.ZodType
      ? undefined extends (Side extends 'in' ? z.input<Field> : z.output<Field>)
        ? true
        : false
      : false;

type Present<Field, V extends string> =
  Field extends Versioned<infer Steps> ? ([SchemaOf<Steps, V>] extends [never] ? false : true) : true;

type RequiredOut<F extends Fields, V extends string> = {
  -readonly [
    K in keyof F as Present<F[K], V> extends true ? (MayMiss<F[K], V, 'out'> extends true ? never : K) : never
  ]: OutputAt<F[K], V>;
};
type OptionalOut<F extends Fields, V extends string> = {
  -readonly [
    K in keyof F as Present<F[K], V> extends true ? (MayMiss<F[K], V, 'out'> extends true ? K : never) : never
  ]?: OutputAt<F[K], V> | undefined;
};
type RequiredIn<F extends Fields, V extends string> = {
  readonly [
    K in keyof F as Present<F[K], V> extends true ? (MayMiss<F[K], V, 'in'> extends true ? never : K) : never
  ]: InputAt<F[K], V>;
};
type OptionalIn<F extends Fields, V extends string> = {
  readonly [
    K in keyof F as Present<F[K], V> extends true ? (MayMiss<F[K], V, 'in'> extends true ? K : never) : never
  ]?: InputAt<F[K], V> | undefined;
};

type Flat<T> = { [K in keyof T]: T[K] } & {};
