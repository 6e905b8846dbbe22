import { aDuration } from '@groundcrew/ground';
import * as z from 'zod';

/** Infinity (nothing was measured) is no JSON: it is left out. */
const Milliseconds = z.number().min(0);
const Span = z.object({ ms: Milliseconds, atMost: Milliseconds.optional() });

const Event = z.object({
  /** Milliseconds since the fault. */
  afterMs: z.number(),
  source: z.string(),
  what: z.string(),
  from: z.string(),
  to: z.string(),
});

export const DrillReport = z.object({
  target: z.string(),
  /** `freeze keystone on api-2`. */
  fault: z.string(),
  /** ISO 8601, UTC: when the fault was made. */
  at: z.string(),
  /** `unknown`: it was not measured well enough to tell. */
  verdict: z.enum(['pass', 'fail', 'unknown']),
  because: z.array(z.string()).min(1),
  healed: z.boolean().optional(),
  downtime: Span,
  mttr: Span.optional(),
  degradation: z.object({ absoluteMs: z.number(), relative: z.number() }).optional(),
  operations: z.int(),
  errors: z.int(),
  reasons: z.record(z.string(), z.int()),
  /** Mean duration of the operations that succeeded before the fault. */
  usualMs: z.number().optional(),
  /** The time that it took to make the fault; the exact moment of the fault lies within. */
  faultTookMs: Milliseconds,
  /** Time resolution of the sampling. */
  resolutionMs: Milliseconds.optional(),
  /** State changes and missing answers, from the fault until it was undone. */
  timeline: z.array(Event),
  /** The first change of state after the fault that a watched source reported. */
  detected: Event.optional(),
  /** The effects of undoing the fault. */
  undoing: z.object({
    /** Milliseconds since the fault. */
    afterMs: z.number(),
    errors: z.int(),
    downtime: Span,
    timeline: z.array(Event),
    /** `true` if the target was whole again. */
    whole: z.boolean(),
  }),
  unknown: z.array(z.string()),
});

export type DrillReport = Readonly<z.output<typeof DrillReport>>;
export type DrillReportEvent = Readonly<z.output<typeof Event>>;

export const DrillAims = z.strictObject({
  /** The longest acceptable downtime. */
  downtime: aDuration.pipe(z.number().min(1)).default(3_000),
  /** The longest acceptable time until performance is back. @default any time, as long as it comes back */
  mttr: aDuration.pipe(z.number().min(1)).optional(),
});
export type DrillAims = Readonly<z.input<typeof DrillAims>>;

/** The verdict on a measurement: the aims were met or missed, or the figures are too close or too coarse to tell. */
export function judge(
  seen: Pick<DrillReport, 'healed' | 'downtime' | 'mttr' | 'unknown' | 'faultTookMs' | 'undoing'>,
  aims: z.output<typeof DrillAims>,
): Pick<DrillReport, 'verdict' | 'because'> {
  const { healed, downtime, mttr, unknown, undoing } = seen;
  const failures: string[] = [];
  if (healed === false) failures.push('it did not heal while it was watched');
  if (downtime.ms > aims.downtime)
    failures.push(`down for ${round(downtime.ms)} ms; the aim is ${aims.downtime} ms`);
  if (mttr !== undefined && aims.mttr !== undefined && mttr.ms > aims.mttr)
    failures.push(`back after ${round(mttr.ms)} ms; the aim is ${aims.mttr} ms`);
  if (!undoing.whole) failures.push('it was not whole again after the fault was undone');
  if (failures.length > 0) return { verdict: 'fail', because: failures };
  const doubts = [...unknown];
  if (healed === undefined) doubts.push('too little was measured to know whether it healed');
  if (downtime.atMost === undefined || downtime.atMost > aims.downtime)
    doubts.push(
      `down for ${round(downtime.ms)} ms, and for ${downtime.atMost === undefined ? 'an unknown time' : `${round(downtime.atMost)} ms`} at most, as far as the sampling tells; the aim is ${aims.downtime} ms`,
    );
  if (doubts.length > 0) return { verdict: 'unknown', because: doubts };
  return {
    verdict: 'pass',
    because: [
      `down for ${round(downtime.ms)} ms (${round(downtime.atMost ?? 0)} ms at most), back after ${mttr === undefined ? 'an unknown time' : `${round(mttr.ms)} ms`}`,
    ],
  };
}

const round = (ms: number): number => Math.round(ms);
