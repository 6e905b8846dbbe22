import { InputError } from '@groundcrew/core';
import { z } from 'zod';

/**
 * Reads what a person wrote, strictly: an unknown key, a value of the wrong kind or a number that means nothing is refused
 * with the field's path. The value itself is not in the message, since it may be a secret.
 *
 * @throws InputError that names the first faulty field
 */
export function argumentsOf<T extends z.ZodType>(operation: string, schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue === undefined ? '' : pathOf(issue);
  const why = issue === undefined ? 'is wrong' : faultOf(issue);
  throw new InputError(field === '' ? `${operation}: ${why}` : `${field}: ${why}`, { field, operation });
}

type Issue = z.core.$ZodIssue;

/** Where it is: of a key that is not known, the key itself. */
export const pathOf = (issue: Issue): string =>
  [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])]
    .map(String)
    .join('.');

export const faultOf = (issue: Issue): string =>
  issue.code === 'unrecognized_keys' ? 'there is no such field' : issue.message;

/** Something that is called; what it takes and gives is TypeScript's to say. */
export const callable = z.custom<(...given: never[]) => unknown>(
  (value) => typeof value === 'function',
  'is no function',
);

/** Something with methods, made elsewhere: a cloud, a state, a journal. */
export const made = z.custom<object>((value) => typeof value === 'object' && value !== null, 'is no object');

/** A time or a count that means something: finite, and above 0. */
export const positive = z.number().positive();
