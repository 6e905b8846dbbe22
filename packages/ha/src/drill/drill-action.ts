import { action } from '@groundcrew/runbook';
import * as z from 'zod';
import { aDurationBetween } from '../option-parts.ts';
import { DrillAims, DrillReport } from './drill-report.ts';
import { DrillFault, faultName } from './fault.ts';

export const DrillTiming = z.strictObject({
  /** Time that is measured before the fault; 0.5 s to 1 h. */
  baseline: aDurationBetween(500, 3_600_000).default(5_000),
  /** Time from the fault until it is undone, healed or not; 1 s to 1 h. */
  limit: aDurationBetween(1_000, 3_600_000).default(60_000),
  /** Time for which all must have gone well before the fault is undone, and before a drill ends; 0.5 s to 10 min. */
  settle: aDurationBetween(500, 600_000).default(5_000),
  /** Time from one operation to the next; 1 min at most. */
  interval: aDurationBetween(1, 60_000).default(100),
  /** Time after which an operation has failed; 10 min at most. */
  timeout: aDurationBetween(1, 600_000).default(2_000),
  /** Time beyond the usual that counts as slow at least: what the client itself may be late by. */
  slowerBy: aDurationBetween(0, 600_000).default(5),
});

/** Times of a drill: what is measured for how long. */
export type DrillTiming = Readonly<z.input<typeof DrillTiming>>;

/**
 * Makes a fault, measures, and undoes it. It is one step, since half of it is worth nothing: an attempt that died is
 * undone, and not gone on with.
 */
export const drill = action({
  name: 'ha.drill',
  title: ({ target, fault }) => `${faultName(fault)} on ${fault.host}, and measure what ${target} does`,
  input: z.strictObject({
    target: z.string().min(1),
    fault: DrillFault,
    aims: DrillAims.prefault({}),
    timing: DrillTiming.prefault({}),
  }),
  output: DrillReport,
  rollback: 'free',
});
