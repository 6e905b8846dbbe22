import type { Implementation } from '../plan/action.ts';
import { type Clock, messageOf } from '@groundcrew/ground';
import { PlanError } from '../errors.ts';
import { parsePlan } from '../plan/parse-plan.ts';
import type { Plan, Step, Target } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusal.ts';
import type { RunState } from '../journal/run-state.ts';
import { inputFor } from '../plan/step-data.ts';
import { within } from './time-limit.ts';

/** The codes of the reasons why a run may refuse to start. */
export type RunRefusalCode =
  | 'run.plan-invalid'
  | 'run.not-approved'
  | 'run.two-implementations'
  | 'run.no-implementation'
  | 'run.action-changed'
  | 'run.input'
  | 'run.no-compensation'
  | 'run.targets-unchecked'
  | 'run.target-moved'
  | 'run.target-gone'
  | 'run.target-unknown'
  | 'run.other-journal'
  | 'run.lease-held'
  | 'run.journal';

export type RunRefusal = Refusal<RunRefusalCode>;

/** Implementations by the name of their action. */
export type ImplementationsByAction = ReadonlyMap<string, Implementation>;

export const implementationsByAction = (
  implementations: readonly Implementation[],
): ImplementationsByAction =>
  new Map(implementations.map((implementation) => [implementation.action.name, implementation]));

/** The reasons against a run that are known before anything is asked of the cloud; every reason, not the first. */
export function refusalsOfPlan(
  plan: Plan,
  approved: string,
  implementations: readonly Implementation[],
  rollsBack: boolean,
): RunRefusal[] {
  try {
    // A frozen plan cannot have changed; but this one may never have been frozen.
    parsePlan(plan);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return [{ code: 'run.plan-invalid', reason: error.message, remedy: error.remedy }];
  }
  if (approved !== plan.digest)
    return [
      {
        code: 'run.not-approved',
        reason: `approved is ${approved}, and the plan is ${plan.digest}`,
        remedy: 'Show the plan (explain) to the person who approves, and pass the digest that was approved.',
      },
    ];
  const refusals: RunRefusal[] = [];
  const names = implementations.map(({ action }) => action.name);
  for (const name of new Set(names.filter((other, at) => names.indexOf(other) !== at)))
    refusals.push({
      code: 'run.two-implementations',
      reason: `${name} has two implementations`,
      remedy: 'Pass the one that is meant.',
    });
  const byAction = implementationsByAction(implementations);
  for (const step of plan.steps) refusals.push(...refusalsOfStep(step, byAction.get(step.action), rollsBack));
  return refusals;
}

function refusalsOfStep(
  step: Step,
  implementation: Implementation | undefined,
  rollsBack: boolean,
): RunRefusal[] {
  if (implementation === undefined)
    return [
      {
        code: 'run.no-implementation',
        reason: `step ${step.id} is a ${step.action}, which nothing here implements`,
        remedy: 'Pass its implementation in `implementations`.',
      },
    ];
  const refusals: RunRefusal[] = [];
  const { action, handlers } = implementation;
  if (action.rollback !== step.rollback)
    refusals.push({
      code: 'run.action-changed',
      reason: `step ${step.id} was approved with rollback ${step.rollback}; ${action.name} now has ${action.rollback}`,
      remedy: 'Make the plan anew.',
    });
  try {
    inputFor(implementation, step.input);
  } catch (error) {
    refusals.push({
      code: 'run.input',
      reason: `step ${step.id}: ${(error as Error).message}`,
      remedy: 'Make the plan anew with this release of the action.',
    });
  }
  if (rollsBack && step.rollback === 'free' && handlers.compensate === undefined)
    refusals.push({
      code: 'run.no-compensation',
      reason: `step ${step.id} is to be undone on failure, and the implementation of ${action.name} cannot`,
      remedy: 'Give it `compensate` (an empty one if there is nothing to undo), or run with onFailure stop.',
    });
  return refusals;
}

/** A journal remembers one plan. */
export const refusalsOfJournal = (plan: Plan, state: RunState | undefined): RunRefusal[] =>
  state === undefined || state.plan.digest === plan.digest
    ? []
    : [
        {
          code: 'run.other-journal',
          reason: `the journal is that of plan ${state.plan.id}, ${state.plan.digest}`,
          remedy: 'Use one journal for each run.',
        },
      ];

/** The longest time that one target may take to answer. */
const ANSWER_LIMIT = '1m';

export interface TargetQuestions {
  readonly revisionOf: ((target: Target, signal: AbortSignal) => Promise<string | undefined>) | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The refusals for targets that have changed since the plan was made. Asked only before anything was touched:
 * afterwards the run itself has changed them.
 */
export async function refusalsOfTargets(
  plan: Plan,
  state: RunState | undefined,
  questions: TargetQuestions,
): Promise<RunRefusal[]> {
  const touched = [...(state?.steps.values() ?? [])].some(({ attempts }) => attempts > 0);
  if (touched || plan.targets.length === 0) return [];
  const { revisionOf } = questions;
  if (revisionOf === undefined)
    return [
      {
        code: 'run.targets-unchecked',
        reason: `the plan was made for ${plan.targets.length} target(s), and nothing here can tell whether they moved`,
        remedy: 'Pass `revisionOf`, or plan without targets.',
      },
    ];
  const refusals: (RunRefusal | undefined)[] = [];
  const waiting = plan.targets.entries();
  const asking = async (): Promise<void> => {
    for (const [at, target] of waiting) refusals[at] = await refusalOfTarget(target, revisionOf, questions);
  };
  await Promise.all(Array.from({ length: 8 }, asking));
  return refusals.filter((refusal) => refusal !== undefined);
}

async function refusalOfTarget(
  target: Target,
  revisionOf: NonNullable<TargetQuestions['revisionOf']>,
  { clock, signal }: TargetQuestions,
): Promise<RunRefusal | undefined> {
  const { kind, id, revision } = target;
  const subject = { kind, id };
  try {
    const now = await within(
      { clock, limit: ANSWER_LIMIT, signal, what: `revision of ${kind} ${id}` },
      (limited) => revisionOf(target, limited),
    );
    if (now === revision) return undefined;
    return now === undefined
      ? {
          code: 'run.target-gone',
          reason: `${kind} ${id} is not there any more`,
          remedy: 'Plan anew.',
          subject,
        }
      : {
          code: 'run.target-moved',
          reason: `${kind} ${id} was at ${revision} when the plan was made, and is at ${now}`,
          remedy: 'Plan anew, and have that plan approved.',
          subject,
        };
  } catch (error) {
    signal.throwIfAborted();
    return {
      code: 'run.target-unknown',
      reason: `whether ${kind} ${id} has moved could not be read: ${messageOf(error)}`,
      remedy: 'Make it readable, then run again.',
      subject,
    };
  }
}
