/* oxlint-disable no-underscore-dangle -- `_zod` is where zod keeps what other libraries may read of a schema */
import { z } from 'zod';

/**
 * Parses a value that came out of `JSON.parse` and that nobody else holds, as its zod schema does, but without a copy of it: a
 * value that fits stays the same object, and only what the schema transforms is written into it.
 *
 * zod makes a new object of every object that it parses, with all its fields: for a list of servers that costs as much as
 * `JSON.parse` itself. What is here understands the kinds of schema that answers are made of (`CHECKS`), and leaves every other
 * to zod. It says only whether a value fits; what is wrong with one that does not, zod says.
 *
 * @returns the value, or {@link MISFIT}: then nothing of it was changed
 */
export function conform(schema: z.ZodType, value: unknown): unknown {
  let check = compiled.get(schema);
  if (check === undefined) compiled.set(schema, (check = compile(schema)));
  const changes: Change[] = [];
  const result = check(value, changes);
  if (result === MISFIT) return MISFIT;
  for (const { holder, key, value: changed } of changes) holder[key] = changed;
  return result;
}

/** The value does not fit its schema. */
export const MISFIT: unique symbol = Symbol('misfit');

/** A value that a schema transforms, and its position: written at the end, when it is known that all fits. */
interface Change {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  readonly value: unknown;
}

/** Returns the value as its schema would, or `MISFIT`; objects and arrays are returned themselves. */
type Check = (value: unknown, changes: Change[]) => unknown;

const compiled = new WeakMap<z.ZodType, Check>();

function compile(schema: z.ZodType): Check {
  const { def } = schema._zod;
  const make = Object.hasOwn(CHECKS, def.type) ? CHECKS[def.type] : undefined;
  return make?.(schema) ?? byZod(schema);
}

/** Leaves a value to zod. Whether one may be absent, the schema around it says, which is zod's as well. */
function byZod(schema: z.ZodType): Check {
  return (value) => {
    if (value === undefined) return MISFIT;
    const result = schema.safeParse(value);
    return result.success ? result.data : MISFIT;
  };
}

/** By the type of a schema; `undefined` for one that has something which is not understood here. */
const CHECKS: Readonly<Record<string, (schema: z.ZodType) => Check | undefined>> = {
  string(schema) {
    const overwrites = overwritesOf(schema);
    if (overwrites === undefined) return undefined;
    const [first] = overwrites;
    if (first === undefined) return (value) => (typeof value === 'string' ? value : MISFIT);
    if (overwrites.length > 1) return undefined;
    return (value) => (typeof value === 'string' ? first(value) : MISFIT);
  },
  number: (schema) => (isPlain(schema) ? (value) => (Number.isFinite(value) ? value : MISFIT) : undefined),
  boolean: (schema) =>
    isPlain(schema) ? (value) => (typeof value === 'boolean' ? value : MISFIT) : undefined,
  null: (schema) => (isPlain(schema) ? (value) => (value === null ? null : MISFIT) : undefined),
  // A field that is absent is for zod to judge.
  unknown: (schema) => (isPlain(schema) ? (value) => (value === undefined ? MISFIT : value) : undefined),
  literal(schema) {
    if (!isPlain(schema) || !(schema instanceof z.ZodLiteral)) return undefined;
    const { values } = schema;
    return (value) => (values.has(value as z.core.util.Literal) ? value : MISFIT);
  },
  enum(schema) {
    if (!isPlain(schema) || !(schema instanceof z.ZodEnum)) return undefined;
    const values = new Set<unknown>(schema.options);
    return (value) => (values.has(value) ? value : MISFIT);
  },
  custom(schema) {
    const { def } = schema._zod;
    const { fn } = def as z.core.$ZodCustomDef;
    return def.checks === undefined || def.checks.length === 0
      ? (value) => {
          const answer = fn(value);
          return answer && !(answer instanceof Promise) ? value : MISFIT;
        }
      : undefined;
  },
  optional(schema) {
    const inner = innerOf(schema);
    if (inner === undefined || inner._zod.optin === 'defaulted') return undefined;
    const check = compile(inner);
    return (value, changes) => (value === undefined ? undefined : check(value, changes));
  },
  nullable(schema) {
    const inner = innerOf(schema);
    if (inner === undefined) return undefined;
    const check = compile(inner);
    return (value, changes) => (value === null ? null : check(value, changes));
  },
  union(schema) {
    const { def } = schema._zod;
    const { options, inclusive } = def as z.core.$ZodUnionDef & { readonly inclusive?: boolean };
    if (!isPlain(schema) || inclusive === false || 'discriminator' in def) return undefined;
    const checks = options.map((option) => compile(option as z.ZodType));
    return (value, changes) => {
      // Whether a field may be absent is for zod to judge.
      if (value === undefined) return MISFIT;
      const before = changes.length;
      for (const check of checks) {
        const result = check(value, changes);
        if (result !== MISFIT) return result;
        changes.length = before;
      }
      return MISFIT;
    };
  },
  array(schema) {
    if (!isPlain(schema)) return undefined;
    const check = compile((schema._zod.def as z.core.$ZodArrayDef).element as z.ZodType);
    return (value, changes) => {
      if (!Array.isArray(value)) return MISFIT;
      for (let index = 0; index < value.length; index += 1) {
        const element: unknown = value[index];
        const result = check(element, changes);
        if (result === MISFIT) return MISFIT;
        if (result !== element) changes.push({ holder: value as never, key: index, value: result });
      }
      return value;
    };
  },
  record(schema) {
    const { keyType, valueType, ...def } = schema._zod.def as z.core.$ZodRecordDef;
    const isByText = keyType._zod.def.type === 'string' && isPlain(keyType as z.ZodType);
    if (!isPlain(schema) || !isByText || 'mode' in def) return undefined;
    const check = compile(valueType as z.ZodType);
    const zod = byZod(schema);
    return (value, changes) => {
      if (!isObject(value)) return MISFIT;
      if (Object.hasOwn(value, '__proto__')) return zod(value, changes);
      for (const key in value) {
        const field = value[key];
        const result = check(field, changes);
        if (result === MISFIT) return MISFIT;
        if (result !== field) changes.push({ holder: value, key, value: result });
      }
      return value;
    };
  },
  object(schema) {
    const { shape, catchall } = schema._zod.def as z.core.$ZodObjectDef;
    if (!isPlain(schema) || catchall?._zod.def.type !== 'unknown') return undefined;
    const names = Object.keys(shape);
    if (names.includes('__proto__')) return undefined;
    const checks = names.map((name) => compile(shape[name] as z.ZodType));
    const mayMiss = names.map((name) => mayBeAbsent(shape[name] as z.ZodType));
    const zod = byZod(schema);
    return (value, changes) => {
      if (!isObject(value)) return MISFIT;
      // It would be left out of a copy, so that nobody takes it for a prototype.
      if (Object.hasOwn(value, '__proto__')) return zod(value, changes);
      for (let index = 0; index < names.length; index += 1) {
        const key = names[index] as string;
        const field = value[key];
        if (field === undefined && mayMiss[index] === true) continue;
        const result = (checks[index] as Check)(field, changes);
        if (result === MISFIT) return MISFIT;
        if (result !== field) changes.push({ holder: value, key, value: result });
      }
      return value;
    };
  },
};

/** Whether a field that is absent adds nothing: neither an error, nor a value in its place. */
const mayBeAbsent = ({ _zod: { optin, optout } }: z.ZodType): boolean =>
  optin === 'optional' && optout === 'optional';

/** A schema that checks nothing but its type, and takes it as it is. */
const isPlain = ({ _zod: { def } }: z.ZodType): boolean =>
  (def.checks === undefined || def.checks.length === 0) &&
  !('coerce' in def && def.coerce === true) &&
  !('format' in def);

const innerOf = (schema: z.ZodType): z.ZodType | undefined =>
  isPlain(schema) ? ((schema._zod.def as z.core.$ZodOptionalDef).innerType as z.ZodType) : undefined;

/** The functions that `overwrite()` applies to a text; `undefined` for a schema that has other checks. */
function overwritesOf(schema: z.ZodType): ((text: string) => unknown)[] | undefined {
  const { checks = [], ...def } = schema._zod.def;
  if (('coerce' in def && def.coerce === true) || 'format' in def) return undefined;
  const found: ((text: string) => unknown)[] = [];
  for (const check of checks) {
    const own = check._zod.def as z.core.$ZodCheckOverwriteDef;
    if (own.check !== 'overwrite') return undefined;
    found.push((text) => own.tx(text));
  }
  return found;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
