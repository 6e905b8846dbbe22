import { z } from 'zod';

/**
 * An object within an answer. Fields that are not named here are kept, but the type does not say so: a misspelt field is a
 * compile error, and {@link extra} reads a field that has no declaration.
 */
export const tolerant = <const F extends z.core.$ZodLooseShape>(fields: F): z.ZodObject<F> =>
  z.looseObject(fields);

/** Text of which some values are known: editors complete those, and every other text is taken as well. */
export type Known<S extends string> = S | (string & {});

/** The values of a {@link Known} text that are known. */
export type KnownOf<T> = T extends string ? (string extends T ? never : T) : never;

/** The schema of a {@link Known} text: servers may send values that are newer than this list. */
export const known = <const S extends string>(_values: readonly S[]): z.ZodType<Known<S>, Known<S>> =>
  z.string();

/**
 * Reads a field that the declaration of an answer does not have: one of a vendor, of a newer release, of an extension, or a
 * property of an image. `undefined` if the service did not send it.
 *
 * @example
 * const tier = extra(server, 'acme:tier');
 * if (typeof tier === 'string') …
 */
export const extra = (answer: object, field: string): unknown =>
  Object.hasOwn(answer, field) ? (answer as Readonly<Record<string, unknown>>)[field] : undefined;
