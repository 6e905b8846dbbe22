import { PlanError } from '../errors.ts';
import type { Clock } from '@groundcrew/ground';
import { systemClock } from '@groundcrew/ground';
import { stepOutput, OutputUnavailableError } from './step-output.ts';
import type { StepFailure } from './outcome.ts';
import { planAsGiven } from '../plan/parse-plan.ts';
import { waitsFor } from '../plan/plan-graph.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusal.ts';
import { replay, unbegun } from '../journal/replay.ts';
import type { RunState } from '../journal/run-state.ts';
import { checkPlan, checkRehearseOptions, type RunOptions } from './run-options.ts';
import {
  type ImplementationsByAction,
  implementationsByAction,
  refusalsOfJournal,
  refusalsOfPlan,
  refusalsOfTargets,
} from './start-refusals.ts';
import { askStep } from './step-life.ts';

/** The result of one step in a rehearsal. */
export type RehearsedStep = { readonly step: string } &
  /** The journal has it done already. */
  (
    | { readonly verdict: 'succeeded' }
    /** Its precondition would let it act now. */
    | { readonly verdict: 'ready' }
    /** Its precondition says no. */
    | { readonly verdict: 'refused'; readonly failure: StepFailure }
    /** Its precondition says no now; steps before it have yet to act, and may change that. */
    | { readonly verdict: 'refused-for-now'; readonly failure: StepFailure }
    /** It could not be asked: its precondition failed, or goes by the output of a step that has yet to act. */
    | { readonly verdict: 'unknown'; readonly failure: StepFailure }
  );

export interface Rehearsal {
  /** Would the run start, and no step be refused that nothing before it can help? Unknowns do not make it false. */
  readonly ok: boolean;
  /** The reasons why the run as a whole would refuse; the steps are then not asked. */
  readonly refusals: readonly Refusal[];
  /** In the plan's order. */
  readonly steps: readonly RehearsedStep[];
}

/** The options of `run`. Without a journal it acts as if nothing had been done yet. */
export type RehearseOptions = Omit<RunOptions, 'journal' | 'gate' | 'by' | 'holder'> &
  Partial<Pick<RunOptions, 'journal'>>;

/**
 * Asks everything that `run` would ask before it acts, by the same code, and does nothing: it reads the journal without
 * taking its lease, writes nothing, and calls no handler but `precondition`.
 *
 * Rejects with its signal's reason, with `JournalError`, and with `InputError`.
 */
export async function rehearse(plan: Plan, options: RehearseOptions): Promise<Rehearsal> {
  checkPlan(plan, 'rehearse');
  checkRehearseOptions(options);
  return rehearsalOf(planAsGiven(plan), options);
}

async function rehearsalOf(plan: Plan, options: RehearseOptions): Promise<Rehearsal> {
  const implementations = [...options.implementations];
  const { approved, onFailure, revisionOf, journal, clock = systemClock } = options;
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const ofPlan = refusalsOfPlan(plan, approved, implementations, onFailure === 'roll-back');
  if (ofPlan.length > 0) return { ok: false, refusals: ofPlan, steps: [] };
  const state = replay((await journal?.read()) ?? []);
  const ofJournal = refusalsOfJournal(plan, state);
  if (ofJournal.length > 0) return { ok: false, refusals: ofJournal, steps: [] };
  const ofTargets = await refusalsOfTargets(plan, state, { revisionOf, clock, signal });
  if (ofTargets.length > 0) return { ok: false, refusals: ofTargets, steps: [] };

  const rehearsed = state ?? unbegun(plan, options.run ?? 'rehearsal');
  const steps: RehearsedStep[] = [];
  const byAction = implementationsByAction(implementations);
  for (const step of plan.steps) {
    signal.throwIfAborted();
    steps.push(await rehearsedStep(step, rehearsed, byAction, clock, signal));
  }
  return { ok: steps.every(({ verdict }) => verdict !== 'refused'), refusals: [], steps };
}

async function rehearsedStep(
  step: Step,
  state: RunState,
  byAction: ImplementationsByAction,
  clock: Clock,
  signal: AbortSignal,
): Promise<RehearsedStep> {
  const implementation = byAction.get(step.action);
  if (implementation === undefined)
    throw new PlanError(`nothing implements ${step.action}`, { field: `steps.${step.id}` });
  const succeeded = (id: string): boolean => state.steps.get(id)?.state === 'succeeded';
  if (succeeded(step.id)) return { step: step.id, verdict: 'succeeded' };
  let missing: unknown;
  const answer = await askStep(step, implementation, {
    run: state.run,
    token: 0,
    clock,
    signal,
    record: async () => undefined,
    outputOf(action, earlier) {
      try {
        return stepOutput(state, action, earlier, step.id);
      } catch (error) {
        if (error instanceof OutputUnavailableError) missing = error;
        throw error;
      }
    },
    progress: () => undefined,
  });
  signal.throwIfAborted();
  if (answer === undefined) return { step: step.id, verdict: 'ready' };
  if (missing !== undefined || !answer.refused)
    return { step: step.id, verdict: 'unknown', failure: answer.failure };
  const first = waitsFor(step).every(succeeded);
  return { step: step.id, verdict: first ? 'refused' : 'refused-for-now', failure: answer.failure };
}
