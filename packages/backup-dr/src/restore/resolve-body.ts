import type { StepContext } from '@groundcrew/runbook';
import { setAt } from './create-draft.ts';
import { type CreateInput, createResource, type Ref } from './restore-actions.ts';

/** The id of something that is there, or that an earlier step has made. */
export const idOf = (ref: Ref, { outputOf }: Pick<StepContext, 'outputOf'>): string =>
  'id' in ref ? ref.id : outputOf(createResource, ref.step).id;

/** The body of a thing with the ids that earlier steps have given. */
export function resolvedBody(
  { body, slots }: Pick<CreateInput, 'body' | 'slots'>,
  context: Pick<StepContext, 'outputOf'>,
): Record<string, unknown> {
  // The input is frozen, and another attempt begins with it again.
  const copy = structuredClone(body) as Record<string, unknown>;
  for (const { at, step } of slots) {
    const [first, ...rest] = at;
    if (first !== undefined) setAt(copy, [first, ...rest], idOf({ step }, context));
  }
  return copy;
}
