import { z } from 'zod';
import { InputError } from '@groundcrew/ground';
import {
  addDurations,
  availabilityOf,
  durationsOf,
  type UptimeAvailability,
  type UptimeDurations,
  type UptimeVerdict,
  verdictOf,
} from './availability.ts';
import { subjectOf, type UptimeSubject } from './evidence.ts';
import {
  aMonth,
  aTime,
  excludedFor,
  monthOf,
  questionOptions,
  type UptimeQuestion,
  type UptimeTime,
  windowOf,
} from './period.ts';
import { rulesOf, widened } from './rules.ts';
import type { UptimeStore } from './store.ts';
import { timelineOf, type UptimeWindow } from './timeline.ts';

/** A report is for a month, or from one time to another. */
export interface UptimeReportOptions extends UptimeQuestion {
  /** A month of the calendar in UTC, `2026-11`; instead of `from` and `to`. */
  readonly month?: string | undefined;
  readonly from?: UptimeTime | undefined;
  readonly to?: UptimeTime | undefined;
  /** What a row is of: a subject, or all servers of a project together. */
  readonly of: 'server' | 'service' | 'host' | 'endpoint' | 'project';
}

export const reportOptions = z.strictObject({
  ...questionOptions,
  month: aMonth.optional(),
  from: aTime.optional(),
  to: aTime.optional(),
  of: z.enum(['server', 'service', 'host', 'endpoint', 'project']),
});

/** A line of a report. */
export interface UptimeReportRow {
  /** The id of the server or project, the name of the service or host, the URL of the endpoint. */
  readonly name: string;
  /** The project of the server or the row; `undefined` where nothing told it. */
  readonly project: string | undefined;
  /** How many subjects are in it. */
  readonly subjects: number;
  readonly durations: UptimeDurations;
  readonly availability: UptimeAvailability | undefined;
  readonly verdict: UptimeVerdict | undefined;
}

const PAGE = 200;

/** Subjects that did not exist in all of the time are left out. */
export async function reportOf(
  store: UptimeStore,
  options: UptimeReportOptions,
): Promise<readonly UptimeReportRow[]> {
  const { of } = options;
  const window = reportWindow(options);
  const rules = rulesOf('ledger.report', options);
  const kind = of === 'project' ? 'server' : of;
  const sums = new Map<
    string,
    { subjects: number; project: string | undefined; durations: UptimeDurations }
  >();
  let after: number | undefined;
  do {
    const { subjects, next } = await store.scan(kind, widened(window, rules), { after, limit: PAGE });
    for (const { name, project, claims } of subjects) {
      const subject: UptimeSubject = subjectOf(kind, name);
      const stretches = timelineOf(claims, {
        ...window,
        ...rules,
        exclude: excludedFor(rules.exclude, subject),
      });
      if (stretches.length === 1 && stretches[0]?.state === 'excluded' && stretches[0].runs.length > 0)
        continue;
      const durations = durationsOf(stretches);
      const key = of === 'project' ? (project ?? '') : name;
      const known = sums.get(key);
      sums.set(key, {
        subjects: (known?.subjects ?? 0) + 1,
        project,
        durations: known === undefined ? durations : addDurations(known.durations, durations),
      });
    }
    after = next;
  } while (after !== undefined);
  return Array.from(sums, ([name, { subjects, project, durations }]) => {
    const availability = availabilityOf(durations);
    return {
      name,
      project,
      subjects,
      durations,
      availability,
      verdict: verdictOf(availability, options.target),
    };
  });
}

/** @throws InputError for a month beside other bounds, and without any */
export function reportWindow({ month, from, to }: UptimeReportOptions): UptimeWindow {
  const operation = 'ledger.report';
  const refuse = (field: string, message: string): never => {
    throw new InputError(`${operation}: ${field}: ${message}`, { field, operation });
  };
  if (month !== undefined)
    return from === undefined && to === undefined
      ? monthOf(month)
      : refuse('month', 'stands instead of from and to');
  if (from === undefined || to === undefined) return refuse('month', 'is missing: give it, or from and to');
  return windowOf({ from, to }, operation);
}
