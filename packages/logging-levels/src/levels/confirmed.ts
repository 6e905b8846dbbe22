import { type Journal, type Outcome, readOutput, replay, type RunState } from '@groundcrew/runbook';
import { rememberLevels, setLevels, STEPS } from './actions.ts';
import type { LevelCoverage } from './coverage.ts';
import { LevelError } from './level-error.ts';

/** A level that is set. */
export interface ConfirmedLevel {
  readonly coverage: LevelCoverage;
  /** ISO 8601, UTC: the end of the lease. */
  readonly until: string;
}

/**
 * Waits for a run of `planLevel` to end or to pause, and tells where the level is. A run that does not wait for the end of its
 * lease is `paused`.
 *
 * @throws LevelError `levels.not-set`, with what failed
 */
export async function confirmed(
  outcome: Promise<Outcome> | Outcome,
  journal: Journal,
): Promise<ConfirmedLevel> {
  const ended = await outcome;
  const state = replay(await journal.read());
  const level = levelIn(state);
  if (level !== undefined) return level;
  // A run that waits to put back is paused, and does not tell of what failed before.
  const failure = state?.steps.get(STEPS.set)?.failure ?? state?.steps.get(STEPS.remember)?.failure;
  const [refusal] = 'refusals' in ended ? ended.refusals : [];
  throw new LevelError(
    'levels.not-set',
    `the level was not set: ${failure?.message ?? refusal?.reason ?? `the run is ${ended.status}`}`,
    { remedy: failure?.remedy ?? refusal?.remedy },
  );
}

/** The level that a run has set, by its journal. */
function levelIn(state: RunState | undefined): ConfirmedLevel | undefined {
  const set = state?.steps.get(STEPS.set);
  const noted = state?.steps.get(STEPS.remember);
  if (set?.state !== 'succeeded' || noted?.acted !== true) return undefined;
  return {
    coverage: readOutput(setLevels, set.output).coverage,
    until: readOutput(rememberLevels, noted.output).until,
  };
}
