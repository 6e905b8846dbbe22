import { counted } from '@groundcrew/ground';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in the unit that a person would use: `40 minutes`, `26 hours`, `3 days`. Rounded down. */
export function words(milliseconds: number): string {
  if (milliseconds < MINUTE) return 'less than a minute';
  if (milliseconds < HOUR) return counted(Math.floor(milliseconds / MINUTE), 'minute');
  if (milliseconds < 2 * DAY) return counted(Math.floor(milliseconds / HOUR), 'hour');
  return counted(Math.floor(milliseconds / DAY), 'day');
}

/**
 * Milliseconds from a moment until now; `undefined` if the moment cannot be read or is in the future by more than
 * clocks may differ: then the age is not known.
 */
export function ageOf(moment: string | null | undefined, now: number): number | undefined {
  // `''` is no moment, so what is not told has no age.
  const age = now - Date.parse(moment ?? '');
  if (Number.isNaN(age) || age < -5 * MINUTE) return undefined;
  return Math.max(0, age);
}
