import type { Action } from '../plan/action.ts';
import { RunbookError } from '../errors.ts';
import type { Json } from '../json.ts';
import { isBefore } from '../plan/plan-graph.ts';
import type { RunState } from '../journal/run-state.ts';

/** A step asked for the output of another that the plan does not promise it. */
export class OutputUnavailableError extends RunbookError {
  readonly code = 'output-unavailable';
}

/**
 * The output of an earlier step, for `reader`.
 *
 * @throws OutputUnavailableError unless the plan orders that step before the reader, it is of that action, and it left
 *   something (one that failed, and that the reader only comes `after`, may have left nothing)
 */
export function stepOutput(state: RunState, action: Action, step: string, reader: string): Json {
  const { plan, steps } = state;
  const planned = plan.steps.find(({ id }) => id === step);
  if (planned === undefined) throw new OutputUnavailableError(`there is no step ${step} in the plan`);
  if (planned.action !== action.name)
    throw new OutputUnavailableError(`step ${step} is a ${planned.action}, not a ${action.name}`);
  if (!isBefore(plan.steps, step, reader))
    throw new OutputUnavailableError(`the plan does not order step ${step} before ${reader}`, {
      remedy: `Add ${step} to the needs of ${reader}.`,
    });
  const memory = steps.get(step);
  if (memory === undefined || !memory.acted)
    throw new OutputUnavailableError(`step ${step} left nothing: it is ${memory?.state}`);
  return memory.output ?? null;
}
