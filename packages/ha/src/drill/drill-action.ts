import { action } from '@groundcrew/runbook';
import * as z from 'zod';
import { DrillAims, DrillReport } from './drill-report.ts';
import { DrillFault, faultName } from './fault.ts';

export const DrillTiming = z.strictObject({
  /** Milliseconds that are measured before the fault. */
  baseline: z.int().min(500).max(3_600_000).default(5_000),
  /** Milliseconds from the fault until it is undone, healed or not. */
  limit: z.int().min(1_000).max(3_600_000).default(60_000),
  /** Milliseconds for which all must have gone well before the fault is undone, and before a drill ends. */
  settle: z.int().min(500).max(600_000).default(5_000),
  /** Milliseconds from one operation to the next. */
  interval: z.int().min(1).max(60_000).default(100),
  /** Milliseconds after which an operation has failed. */
  timeout: z.int().min(1).max(600_000).default(2_000),
  /** Milliseconds beyond the usual that count as slow at least: what the client itself may be late by. */
  slowerBy: z.int().min(0).max(600_000).default(5),
});

/** How long what is measured; milliseconds. */
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
