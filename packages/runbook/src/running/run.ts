import { InProcessRun } from './in-process-run.ts';
import type { Execution } from './execution.ts';
import type { Plan } from '../plan/plan.ts';
import { checkPlan, checkRunOptions, type RunOptions } from './run-options.ts';

/**
 * Executes exactly the plan that was approved, in this process, and resumes it: the same call on the same journal goes
 * on where the last one was, killed or not.
 *
 * - It refuses, touching nothing: another digest, a plan that was tampered with, an action without implementation, input
 *   that its action does not take, targets that moved, a journal of another plan, or one that somebody else has open.
 * - A step begins when what it `needs` succeeded, what it comes `after` ended, its gates are open, and the plan's
 *   concurrency allows it.
 * - A failed step that may not fail stops the run: running steps end, the rest is skipped. With `onFailure: 'roll-back'`
 *   whatever acted is then undone, the last first, up to the first step that cannot be.
 * - A run that has `succeeded`, `partially-succeeded` or was `rolled-back` is over: its outcome is returned again. One
 *   that was `paused` goes on; one that `failed` or was `cancelled` tries its failed steps again.
 *
 * @throws InputError on options that it does not know, or of another kind, and on what is no plan at all; everything else is in the outcome
 * @example
 * await using execution = run(plan, { approved, implementations, journal: fileJournal('recover.journal') });
 * execution.events.on('progress', ({ step, message }) => bar.update(step, message));
 * const outcome = await execution.outcome;
 */
export function run(plan: Plan, options: RunOptions): Execution {
  checkPlan(plan, 'run');
  checkRunOptions(options);
  return new InProcessRun(plan, options);
}
