import { z } from 'zod';

/** A time as a log has it. */
export interface Moment {
  /** Milliseconds since 1970, by the clock of the host that wrote it. It is never later than the time that was meant. */
  readonly ms: number;
  /** The step of what was written, in milliseconds: oslo.log cuts off what is below a millisecond. */
  readonly precisionMs: number;
}

/** Schema of a UTC offset: `Z` or `+02:00`. */
export const anOffset = z
  .string()
  .regex(/^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/, 'is no UTC offset, such as Z or +02:00');

/** Milliseconds by which a local time is ahead of UTC. */
export function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  const digits = offset.replaceAll(/\D/g, '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

/** oslo.log's `%Y-%m-%d %H:%M:%S` with what follows it: milliseconds after a point or a comma, and the zone that others add. */
const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * The time that a record has, as a number. A zone that is written counts, otherwise `localOffsetMs` does. `undefined`: it is no
 * time of the calendar, or is in a form that is not known.
 */
export function momentOf(at: string, localOffsetMs: number): Moment | undefined {
  const match = WRITTEN.exec(at);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second);
  // The 31st of April would become the 1st of May, and 24:00 the next day.
  const isOfCalendar =
    // Years below are of the last century for JavaScript.
    year >= 100 &&
    new Date(seconds).getUTCDate() === day &&
    month >= 1 &&
    month <= 12 &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isOfCalendar) return undefined;
  const [fraction = '', zone] = match.slice(7);
  return {
    ms: seconds + Number(`0.${fraction}0`) * 1000 - (zone === undefined ? localOffsetMs : offsetMs(zone)),
    precisionMs: 1000 / 10 ** fraction.length,
  };
}

/** ISO 8601 in UTC, to the millisecond; `undefined` stays it. */
export function iso(ms: number): string;
export function iso(ms: number | undefined): string | undefined;
export function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(Math.floor(ms)).toISOString();
}

/** Times of logs are sums of floating numbers: past the microsecond there is nothing. */
export const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
