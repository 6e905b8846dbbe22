import type { StepState } from './outcome.ts';
import type { Gate, Plan, Step } from '../plan/plan.ts';
import type { RunState, StepMemory } from '../journal/run-state.ts';

/** The next moves of a run, decided from its state and nothing else. */
export interface Moves {
  /** To be started now, in the plan's order, as far as concurrency allows. */
  readonly start: readonly Step[];
  /** Will never be started: a step that they need did not succeed. */
  readonly skip: readonly { readonly step: Step; readonly because: string }[];
  /** Closed gates at which a step stands that waits for nothing else. */
  readonly at: readonly Gate[];
}

/**
 * Finds the moves by looking at all steps. This is the definition; a run uses `ReadyQueue`, which gives the same.
 *
 * @param running Steps that are alive in some worker now. One that is `running` in the journal alone died with its
 *   worker: it is started again, before any other, since it may hold what its group protects.
 * @param options `begin: false` starts no step that has not been started before.
 */
export function movesOf(
  state: RunState,
  running: ReadonlySet<string>,
  options: { readonly begin: boolean },
): Moves {
  const { plan, steps } = state;
  const slots = new Slots(plan, running);
  const start = plan.steps.filter(
    (step) => steps.get(step.id)?.state === 'running' && !running.has(step.id) && slots.take(step),
  );
  if (!options.begin) return { start, skip: [], at: [] };

  const gates = closedGates(state);
  const skip: { step: Step; because: string }[] = [];
  const skipped = new Set<string>();
  const at = new Set<Gate>();
  const stateOf = (id: string): StepState | undefined => (skipped.has(id) ? 'skipped' : steps.get(id)?.state);
  for (const step of plan.steps) {
    // One whose precondition is being asked is alive, and not in the journal yet.
    if (steps.get(step.id)?.state !== 'pending' || running.has(step.id)) continue;
    const lost = step.needs.find((id) => isLost(stateOf(id)));
    if (lost !== undefined) {
      skipped.add(step.id);
      skip.push({ step, because: lostFor(step, stateOf) });
      continue;
    }
    const waits =
      step.needs.some((id) => stateOf(id) !== 'succeeded') || step.after.some((id) => !isOver(stateOf(id)));
    if (waits) continue;
    const closed = gates.get(step.id);
    if (closed !== undefined) for (const gate of closed) at.add(gate);
    else if (slots.take(step)) start.push(step);
  }
  return { start, skip, at: [...at] };
}

/** Steps whose effect may be there, the last one to act first: the order in which they are undone. */
export const toUndo = ({ plan, steps }: RunState): Step[] =>
  plan.steps
    .filter(({ id }) => steps.get(id)?.mayHaveActed)
    .toSorted((a, b) => actedAt(steps.get(b.id)) - actedAt(steps.get(a.id)));

const actedAt = (memory: StepMemory | undefined): number => memory?.actedAt ?? 0;

/** A step that failed although the plan did not allow for it. */
export const blockingFailure = ({ plan, steps }: RunState): Step | undefined =>
  plan.steps.find(({ id, onFailure }) => onFailure === 'stop' && steps.get(id)?.state === 'failed');

/** The reason why a step will never be started: the first step that it needs and that did not succeed. */
export function lostFor({ needs }: Step, stateOf: (id: string) => StepState | undefined): string {
  const lost = needs.find((id) => isLost(stateOf(id))) ?? '';
  return `it needs ${lost}, which ${SAID[stateOf(lost) ?? 'skipped']}`;
}

/** Tells whether a step has ended without success. */
export const isLost = (state: StepState | undefined): boolean => isOver(state) && state !== 'succeeded';

export const isOver = (state: StepState | undefined): boolean => state !== 'pending' && state !== 'running';

const SAID: Readonly<Record<StepState, string>> = {
  pending: 'has not run',
  running: 'has not ended',
  succeeded: 'succeeded',
  failed: 'failed',
  skipped: 'was skipped',
  compensated: 'was undone',
  'compensation-failed': 'could not be undone',
};

function closedGates({ plan, openGates }: RunState): ReadonlyMap<string, readonly Gate[]> {
  const closed = new Map<string, Gate[]>();
  for (const gate of plan.gates)
    if (!openGates.has(gate.id))
      for (const step of gate.before) closed.set(step, [...(closed.get(step) ?? []), gate]);
  return closed;
}

/** The free slots of the plan's concurrency. */
class Slots {
  readonly #plan: Plan;
  readonly #inGroup = new Map<string, number>();
  #taken = 0;

  constructor(plan: Plan, running: ReadonlySet<string>) {
    this.#plan = plan;
    if (running.size > 0) for (const step of plan.steps) if (running.has(step.id)) this.#count(step);
  }

  take(step: Step): boolean {
    const { total, groups } = this.#plan.concurrency;
    if (this.#taken >= total) return false;
    if (step.group !== undefined && this.#groupOf(step.group) >= limitOf(groups, step.group)) return false;
    this.#count(step);
    return true;
  }

  #count(step: Step): void {
    this.#taken += 1;
    if (step.group !== undefined) this.#inGroup.set(step.group, this.#groupOf(step.group) + 1);
  }

  #groupOf(group: string): number {
    return this.#inGroup.get(group) ?? 0;
  }
}

/** A group called `constructor` has a limit only if the plan gave it one. */
export const limitOf = (groups: Plan['concurrency']['groups'], group: string): number =>
  (Object.hasOwn(groups, group) ? groups[group] : undefined) ?? 1;
