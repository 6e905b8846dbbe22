import type { OutcomeFacts, StepCounts, StepFailure } from './outcome.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunState } from '../journal/run-state.ts';

/** The facts that every outcome has, for a run that has begun. */
export const factsOf = (state: RunState, endedAt: string): OutcomeFacts => ({
  run: state.run,
  plan: state.plan.id,
  digest: state.plan.digest,
  counts: countsOf(state),
  startedAt: state.startedAt,
  endedAt,
});

/** The facts that every outcome has, for a run that never began. */
export const factsOfNothing = (plan: Plan, run: string, at: string): OutcomeFacts => ({
  run,
  plan: plan.id,
  digest: plan.digest,
  // It may be refused for being no plan at all.
  counts: { ...noCounts(), pending: Array.isArray(plan.steps) ? plan.steps.length : 0 },
  startedAt: at,
  endedAt: at,
});

/** The number of steps in each state. */
export function countsOf({ steps }: RunState): StepCounts {
  const counts = noCounts();
  for (const { state } of steps.values()) counts[state] += 1;
  return counts;
}

const noCounts = (): Record<keyof StepCounts, number> => ({
  pending: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  skipped: 0,
  compensated: 0,
  'compensation-failed': 0,
});

/** The failures in the plan's order; for a step that failed and could not be undone, both. */
export const failuresOf = ({ steps }: RunState): StepFailure[] =>
  [...steps.values()].flatMap(({ failure, undoFailure }) =>
    [failure, undoFailure].filter((given) => given !== undefined),
  );
