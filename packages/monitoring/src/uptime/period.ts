import { z } from 'zod';
import { aDuration, type Duration, InputError } from '@groundcrew/ground';
import { kindOf, nameOf, type UptimeSubject } from './evidence.ts';
import type { UptimeWindow } from './timeline.ts';

/** ISO 8601 text with its zone, a `Date`, or milliseconds since 1970. */
export type UptimeTime = string | number | Date;

/** A time in which it does not matter whether a thing is up. */
export interface MaintenanceWindow {
  readonly from: UptimeTime;
  readonly to: UptimeTime;
  /** The only subject that it is for. @default all of them */
  readonly of?: UptimeSubject | undefined;
}

/** What every question to a ledger takes. */
export interface UptimeQuestion {
  /** @default none */
  readonly exclude?: readonly MaintenanceWindow[] | undefined;
  /**
   * The longest time between two observations for which a state holds. An outage that is shorter than this, and of which no
   * event tells, is not seen. @default '5m'
   */
  readonly staleness?: Duration | undefined;
  /** How far each source's clock may be from the true time; every bound is moved by it. @default '1s' */
  readonly skew?: Duration | undefined;
  /** The share that was promised, `0.999`: then the answer says whether it was reached. */
  readonly target?: number | undefined;
}

export const aTime = z.union([z.iso.datetime({ offset: true }), z.number(), z.date()]);

export const aSubject = z.union([
  z.strictObject({ server: z.string() }),
  z.strictObject({ service: z.string() }),
  z.strictObject({ host: z.string() }),
  z.strictObject({ endpoint: z.string() }),
]);

/** Schemas of {@link UptimeQuestion}. */
export const questionOptions = {
  exclude: z.array(z.strictObject({ from: aTime, to: aTime, of: aSubject.optional() })).optional(),
  staleness: aDuration.optional(),
  skew: aDuration.optional(),
  target: z.number().min(0).max(1).optional(),
};

const timeOf = (time: UptimeTime): number =>
  typeof time === 'string' ? Date.parse(time) : Math.trunc(Number(time));

/** @throws InputError for a window that ends before it begins */
export function windowOf(
  { from, to }: { readonly from: UptimeTime; readonly to: UptimeTime },
  operation: string,
  field = 'to',
): UptimeWindow {
  const window = { from: timeOf(from), to: timeOf(to) };
  if (window.to > window.from) return window;
  throw new InputError(`${operation}: ${field}: is not after from`, { field, operation });
}

/** A month of the calendar, in UTC: `2026-11`. */
export const aMonth = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'is no month, such as 2026-11');

export function monthOf(month: string): UptimeWindow {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return { from: Date.UTC(year, number - 1), to: Date.UTC(year, number) };
}

/** The windows of maintenance that count for a subject. */
export const excludedFor = (
  windows: readonly { readonly window: UptimeWindow; readonly of: UptimeSubject | undefined }[],
  subject: UptimeSubject,
): UptimeWindow[] =>
  windows
    .filter(
      ({ of }) => of === undefined || (kindOf(of) === kindOf(subject) && nameOf(of) === nameOf(subject)),
    )
    .map(({ window }) => window);
