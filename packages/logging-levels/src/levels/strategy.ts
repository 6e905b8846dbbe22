import type { StepContext } from '@groundcrew/runbook';
import type { LevelsBefore } from './actions.ts';
import type { LevelCoverage } from './coverage.ts';

/** What a strategy is given of the step that it works for. */
export type LevelContext = Pick<StepContext, 'clock' | 'signal' | 'progress'> & {
  /** The same for every step of a run. */
  readonly run: string;
};

/** A way to change the levels of one target. */
export interface LevelStrategy {
  /** Reads what the levels are, and makes sure that they can be put back. Changes nothing. @throws LevelError */
  remember(context: LevelContext): Promise<LevelsBefore>;
  /**
   * Sets the level. It may be done again.
   *
   * @param until - milliseconds since 1970: the end of the lease
   * @throws LevelError if nothing has it
   */
  set(before: LevelsBefore, until: number, context: LevelContext): Promise<LevelCoverage>;
  /** Puts back what was. It may be done again, and where nothing was changed it changes nothing. @throws LevelError */
  restore(before: LevelsBefore, context: LevelContext): Promise<LevelCoverage>;
}
