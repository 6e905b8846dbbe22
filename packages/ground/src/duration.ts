import { z } from 'zod';
import { InputError } from './errors.ts';

/**
 * A length of time: a number of milliseconds, or text with its unit: `'250ms'`, `'90s'`, `'15m'`, `'8h'`, `'7d'`,
 * `'1.5h'`; text is rounded to whole milliseconds. Every option of every package takes it; results are milliseconds.
 */
export type Duration = number | `${number}${DurationUnit}`;

export type DurationUnit = 'ms' | 's' | 'm' | 'h' | 'd';

const UNITS: Readonly<Record<DurationUnit, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const TEXT = /^(\d{1,15}(?:\.\d{1,9})?)(ms|s|m|h|d)$/;

/**
 * A duration in milliseconds.
 *
 * @param field - what to name in the error. @default 'duration'
 * @throws InputError where it is negative, not finite, or text without a unit
 * @example milliseconds('15m') // 900_000
 */
export function milliseconds(duration: Duration, field = 'duration'): number {
  const parsed = read(duration);
  if (parsed !== undefined) return parsed;
  throw new InputError(`${field}: ${REFUSAL}`, { field, operation: 'milliseconds' });
}

const REFUSAL =
  "must be a number of milliseconds, or text with a unit, such as '90s' or '15m', and not negative";

/** The milliseconds; `undefined` of what is no duration. */
function read(duration: unknown): number | undefined {
  if (typeof duration === 'number') return Number.isFinite(duration) && duration >= 0 ? duration : undefined;
  if (typeof duration !== 'string') return undefined;
  const [, amount, unit] = TEXT.exec(duration) ?? [];
  // Rounded, since 1.1 × 1000 is no whole number: `'1.1s'` is 1,100. No timer knows less than a millisecond.
  return unit === undefined ? undefined : Math.round(Number(amount) * UNITS[unit as DurationUnit]);
}

/** The part of a schema that takes a duration and gives milliseconds, 0 or more. */
export const aDuration: z.ZodType<number, Duration> = z
  .custom<Duration>((value) => read(value) !== undefined, REFUSAL)
  .transform((value) => milliseconds(value));

/** A duration as `aDuration` takes it, above 0. */
export const aPositiveDuration: z.ZodType<number, Duration> = z
  .custom<Duration>((value) => (read(value) ?? 0) > 0, `${REFUSAL}; it must be above 0`)
  .transform((value) => milliseconds(value));
