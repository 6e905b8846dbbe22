import { z } from 'zod';
import type { Clock } from './clock.ts';
import { InputError } from './errors.ts';

/** The fault of a value that a caller gave, and its place. It shows nothing of the value, which may be a secret. */
export interface ArgumentFault {
  /** Path of the field, `networks.0.uuid`; of an unknown one the path to it, too. Empty for the value as a whole. */
  readonly field: string;
  readonly message: string;
}

/**
 * Reads what a person wrote, strictly: an unknown field, a value of the wrong kind or a number that means nothing is
 * refused by the path of its field.
 *
 * @param operation - what was called, `trail.find`: the message begins with it
 * @param schema - its objects are `z.strictObject`, so that no unknown field passes
 * @throws InputError for the first fault
 * @example const { limit = 100 } = parseArguments('trail.find', z.strictObject({ limit: z.int().optional() }), given);
 */
export function parseArguments<T extends z.ZodType>(
  operation: string,
  schema: T,
  given: unknown,
): z.output<T> {
  return parseStrictly(
    schema,
    given,
    ({ field, message }) =>
      new InputError(`${operation}: ${field === '' ? '' : `${field}: `}${message}`, { field, operation }),
  );
}

/**
 * Parses as `parseArguments` does, for callers whose refusal is an error of their own.
 *
 * @throws what `refuse` makes of the first fault
 */
export function parseStrictly<T extends z.ZodType>(
  schema: T,
  given: unknown,
  refuse: (fault: ArgumentFault) => Error,
): z.output<T> {
  let parsed: z.ZodSafeParseResult<z.output<T>>;
  try {
    parsed = schema.safeParse(given);
  } catch (error) {
    // What is nested so deep that looking at it exhausts the stack is nobody's options.
    if (error instanceof RangeError) throw refuse({ field: '', message: 'is nested too deeply' });
    throw error;
  }
  if (parsed.success) return parsed.data;
  throw refuse(faultIn(parsed.error));
}

/**
 * The fault to tell of: a name that is not known comes first, since it is also why another one is missing.
 */
export function faultIn(error: z.ZodError): ArgumentFault {
  const { issues } = error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  return issue === undefined ? { field: '', message: 'does not fit' } : faultOf(issue, []);
}

/** Everything that a schema refused, each with its place. */
export const faultsIn = (error: z.ZodError): readonly ArgumentFault[] =>
  error.issues.map((issue) => faultOf(issue, []));

type Issue = z.core.$ZodIssue;

function faultOf(issue: Issue, above: readonly PropertyKey[]): ArgumentFault {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return { field: pathText([...path, ...issue.keys.slice(0, 1)]), message: 'there is no such field' };
  const closest = issue.code === 'invalid_union' ? closestOf(issue.errors) : undefined;
  if (closest !== undefined) return faultOf(closest, path);
  return { field: pathText(path), message: issue.message };
}

/**
 * The fault by the best fitting of a union's alternatives, if that is inside of the value: "Invalid input" of
 * the whole would leave the reader to find the field alone.
 */
function closestOf(alternatives: readonly (readonly Issue[])[]): Issue | undefined {
  const [first] = alternatives.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return first !== undefined && (first.path.length > 0 || first.code === 'unrecognized_keys')
    ? first
    : undefined;
}

const pathText = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/**
 * A schema of the options of an interface: every one is in it, since one that is forgotten does not compile, and nothing
 * else is taken.
 *
 * @example const schema = optionsSchema<ReadOptions>({ signal: aSignal.optional() });
 */
export const optionsSchema = <T extends object>(
  shape: Readonly<Record<keyof T & string, z.ZodType>>,
): z.ZodObject<Record<keyof T & string, z.ZodType>, z.core.$strict> => z.strictObject(shape);

/** A number that means something: finite and above 0. */
export const aPositiveNumber = z.number().positive();

/** Name of a schema in PostgreSQL; quoted it can stand in a statement, and `order` is one, too. */
export const aSchemaName = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, 'is no plain lower-case name');

/** Parts of schemas that JSON does not have. What a function takes and gives is TypeScript's to say. */
export const aFunction = z.custom<(...given: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);

/** By its shape: a signal of another realm is no instance of this one's class. */
export const aSignal = z.custom<AbortSignal>(
  (value) => hasMembers(value, ['aborted', 'addEventListener']),
  'must be an AbortSignal',
);

/** Options of what reads or waits. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Parts of a schema that others' options share with {@link ReadOptions}. */
export const readOptions = { signal: aSignal.optional() };

/** Schema of {@link ReadOptions}. */
export const signalOptions = z.strictObject(readOptions);

/**
 * Something that was made elsewhere and is told by its members: a clock, a journal, a cloud.
 *
 * @param what - for the message: `a Clock`
 */
export const anObjectWith = <T extends object = object>(
  what: string,
  ...members: readonly (keyof T & string)[]
): z.ZodType<T, T> => z.custom<T>((value) => hasMembers(value, members), `must be ${what}`);

export const aClock = anObjectWith<Clock>('a Clock', 'now', 'sleep');

function hasMembers(value: unknown, members: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    members.every((member) => member in value)
  );
}
