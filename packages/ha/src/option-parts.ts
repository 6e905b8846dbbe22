import { aDuration, type Duration, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';
import { z } from 'zod';

// Parts of the schemas of options that several entries of this package take.

/** Anything that runs commands. */
export const aHost = z.custom<Host>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'run' in value &&
    typeof value.run === 'function',
  'must be a Host',
);

/** `true` runs the command as root, a name as that user. */
export const aSudo = z.union([z.boolean(), z.string().min(1)]);

/** Names: of hosts, nodes, servers, proxies. */
export const someNames = z.array(z.string().min(1));

/** A duration within limits, in whole milliseconds. */
export const aDurationBetween = (least: number, most: number) => aDuration.pipe(z.int().min(least).max(most));

/** A duration that is written into a program's configuration in whole seconds; milliseconds, as all others. */
export const wholeSeconds = (least: number, most: number) =>
  aDurationBetween(least, most).refine((ms) => ms % 1000 === 0, 'must be a whole number of seconds');

/** Options as they are after the check: every duration is a number of milliseconds. */
export type InMilliseconds<T> = {
  readonly [Key in keyof T]: [Duration] extends [T[Key]] ? number | Extract<T[Key], undefined> : T[Key];
};

/**
 * The options, checked, with every duration in milliseconds.
 *
 * @param schema - one of `optionsSchema<T>`
 * @throws InputError that names the field
 */
export const checkedOptions = <T extends object>(
  operation: string,
  schema: z.ZodType,
  options: T,
): InMilliseconds<T> => parseArguments(operation, schema, options) as InMilliseconds<T>;

/** A length of time for a person to read: `0.4 s`. */
export const inSeconds = (ms: number): string => `${ms / 1000} s`;
