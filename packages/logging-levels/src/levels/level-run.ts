import type { RunState } from '@groundcrew/runbook';
import { rememberLevels, STEPS } from './actions.ts';

/** Whether a journal is that of a run of `planLevel`. */
export const isLevelRun = (state: RunState | undefined): state is RunState =>
  state?.plan.steps.some(({ id, action }) => id === STEPS.remember && action === rememberLevels.name) ===
  true;

/** Whether levels were noted, before which nothing is changed, and nothing tells that they were put back. */
export const isLeaseOpen = ({ steps }: RunState): boolean =>
  steps.get(STEPS.remember)?.acted === true && steps.get(STEPS.restore)?.state !== 'succeeded';
