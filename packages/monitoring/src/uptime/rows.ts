import { z } from 'zod';
import type { UptimeClaim } from './runs.ts';
import { UptimeError } from './uptime-error.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Whole milliseconds; PostgreSQL's driver gives them as text. */
const time = z.coerce.number().int();

const aClaim = z.object({
  id: z.string(),
  state: z.enum(['up', 'down', 'not-created', 'deleted', 'unknown']),
  earliest: time,
  latest: time,
  since: z.union([z.null(), time]),
  source: z.string(),
  text: z.string().nullable(),
});

/** @throws UptimeError for a row that no append wrote: what somebody changed by hand is no evidence */
export function claimIn(row: Row): UptimeClaim {
  const read = aClaim.safeParse(row);
  if (!read.success) throw new UptimeError('uptime.unreadable', 'the store holds a row that is no evidence');
  const { since, text, ...claim } = read.data;
  return { ...claim, ...(since === null ? {} : { since }), ...(text === null ? {} : { text }) };
}

/** A time that may be none. */
export const timeIn = (value: unknown): number | undefined => (value === null ? undefined : Number(value));

export const knownIn = ({ name, project }: Row): { name: string; project: string | undefined } => ({
  name: String(name),
  project: typeof project === 'string' ? project : undefined,
});
