import { createHash } from 'node:crypto';
import type { StepContext } from '@groundcrew/runbook';

/** The key of the metadata in which Nova, Cinder and Swift keep a mark. */
export const MARK_KEY = 'groundcrew';

/** The key of the metadata that a container has until all of its objects are there. */
export const FILLING_KEY = `${MARK_KEY}-filling`;

/** Characters that may stand in tags of Neutron and Nova, and in a query: no comma, no slash. */
const PLAIN = /^[\w.:-]{1,200}$/;

/**
 * The text by which what a step made is found again: the run and the step. It stays on the thing, so that a person sees where it
 * came from.
 */
export function markOf({ run, step, key }: Pick<StepContext, 'run' | 'step' | 'key'>): string {
  const mark = `groundcrew:${run}:${step}`;
  return PLAIN.test(mark) ? mark : `groundcrew:${createHash('sha256').update(key).digest('hex')}`;
}
