import { messageOf } from '@groundcrew/ground';
import { type Downtime, measureDowntime, type Meter } from '@groundcrew/monitoring';
import type { Clock, Host, StepContext } from '@groundcrew/runbook';
import type * as z from 'zod';
import type { drill, DrillTiming } from './drill-action.ts';
import { DrillError } from './drill-error.ts';
import { faultName } from './fault.ts';
import { inSeconds } from '../option-parts.ts';
import type { ArmedFault } from './inject.ts';

type Timing = z.output<typeof DrillTiming>;

/** Milliseconds between two looks at whether it has healed. */
const LOOK = 200;
/** Milliseconds that an undoing may take after an abort; the host does it by itself then. */
const UNDO = 60_000;
/** Milliseconds between two tries to undo on a host that is not reached. */
const UNDO_AGAIN = 5_000;

/** Milliseconds since 1970, and how many. */
export interface FaultTimes {
  readonly faultAt: number;
  /** Milliseconds. */
  readonly faultTook: number;
  readonly undoneAt: number;
}

interface WithFault {
  readonly meter: Meter;
  readonly clock: Clock;
  readonly context: StepContext;
  readonly host: Host;
  readonly sudo: boolean | string | undefined;
}

/** Makes the fault, waits until it has healed or the limit is over, and undoes it on every way out. */
export async function withFault(
  armed: ArmedFault,
  { fault, timing }: z.output<typeof drill.input>,
  { meter, clock, context, host, sudo }: WithFault,
): Promise<FaultTimes> {
  let faultAt = 0;
  let faultTook = 0;
  let undoneAt = 0;
  let begun = false;
  try {
    context.signal.throwIfAborted();
    context.progress(faultName(fault));
    faultAt = clock.now();
    begun = true;
    await armed.inject({ signal: context.signal, sudo });
    faultTook = clock.now() - faultAt;
    await healed(meter, faultAt, timing, clock, context.signal);
  } finally {
    // Before, not after: its effect begins while it runs.
    undoneAt = clock.now();
    try {
      if (!begun) await armed.disarm({ signal: AbortSignal.timeout(UNDO), sudo });
      else await undoSurely(armed, { deadline: deadlineOf(timing), context, sudo });
    } catch (cause) {
      // oxlint-disable-next-line no-unsafe-finally -- that the fault is still there matters more than why it ended
      throw new DrillError(
        'drill.not-undone',
        `${faultName(fault)} could not be undone: ${messageOf(cause)}`,
        {
          remedy: `On ${host.name}: ${armed.undoBy.map((word) => (/^[\w./=:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')}; it does so by itself within ${inSeconds(deadlineOf(timing))} after the fault.`,
          cause,
        },
      );
    }
    context.progress(`undone: ${faultName(fault)}`);
  }
  return { faultAt, faultTook, undoneAt };
}

/** Milliseconds after which the host undoes it by itself: whole seconds, for its `sleep`. */
export const deadlineOf = ({ limit, settle }: Timing): number =>
  Math.ceil((limit + settle) / 1_000) * 1_000 + 30_000;

/**
 * Undoes it, with a limit of its own: an abort of the run must not keep the fault in place. A host that was cut off from
 * us as well is tried again until it has undone the fault by itself.
 */
async function undoSurely(
  armed: ArmedFault,
  { deadline, context, sudo }: Pick<WithFault, 'context' | 'sudo'> & { readonly deadline: number },
): Promise<void> {
  const end = context.clock.now() + deadline + UNDO_AGAIN;
  for (;;) {
    try {
      await armed.undo({ signal: AbortSignal.timeout(UNDO), sudo });
      return;
    } catch (error) {
      const unreachable = error instanceof Error && 'code' in error && error.code === 'host-unreachable';
      if (!unreachable || context.signal.aborted || context.clock.now() >= end) throw error;
      context.progress('the host cannot be reached; it undoes the fault by itself');
      await context.clock.sleep(UNDO_AGAIN, context.signal);
    }
  }
}

/** Waits until all has gone well for long enough, operations that hang included, or the limit is over. */
async function healed(
  meter: Meter,
  faultAt: number,
  { settle, limit, timeout, slowerBy }: Timing,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const measuredTo = (until: number): Downtime =>
    measureDowntime(meter.samples(), { faultAt, until, slowerBy });
  while (clock.now() < faultAt + limit) {
    await clock.sleep(LOOK, signal);
    const now = clock.now();
    // What began later may still be under way, and fail.
    const seen = measuredTo(now - timeout);
    if (seen.healed !== true || now - (faultAt + (seen.mttr?.ms ?? 0)) < settle + timeout) continue;
    // The report is measured to the end: a slow moment since then would be told as a fault that never healed.
    if (measuredTo(now).healed === true) return;
  }
}
