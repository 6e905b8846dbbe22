import { z } from 'zod';
import type { Implementation } from '../plan/action.ts';
import { aClock, aFunction, anObjectWith, aSignal, type Clock, parseArguments } from '@groundcrew/ground';
import type { Journal } from '../journal/journal.ts';
import type { Gate, Target } from '../plan/plan.ts';

export interface RunOptions {
  /** The digest that somebody approved, as it was shown to them; not `plan.digest`, which proves nothing. */
  readonly approved: string;
  /** One for each action of the plan; more do no harm. */
  readonly implementations: readonly Implementation[];
  /** The memory of the run: the same one again resumes it. */
  readonly journal: Journal;
  /** The person or program that wants it, for the journal. @default unknown */
  readonly by?: string | undefined;
  /** Id of a new run; a resumed one keeps its own. @default a random UUID */
  readonly run?: string | undefined;
  /** The name of the process that runs it, for others that find the journal held. @default host name and pid */
  readonly holder?: string | undefined;
  /**
   * May what waits at this gate go on? Asked once an execution, when a step waits for nothing else; it may take as long
   * as a person does. `wait`, and a rejection, leave the gate closed: the run goes on elsewhere, then pauses.
   *
   * @default every gate waits
   */
  readonly gate?: ((gate: Gate, signal: AbortSignal) => Promise<'open' | 'wait'>) | undefined;
  /**
   * The revision of a target now; `undefined` if it is gone. Asked before anything is touched, 8 at a time, 60 s each.
   * A plan with targets does not run without it.
   */
  readonly revisionOf?: ((target: Target, signal: AbortSignal) => Promise<string | undefined>) | undefined;
  /** The way to go on after a step that failed and may not. @default 'stop' */
  readonly onFailure?: 'stop' | 'roll-back' | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** Its abort is the first `cancel()`. */
  readonly signal?: AbortSignal | undefined;
}

const aJournal = anObjectWith<Journal>('a Journal', 'open', 'read');

/**
 * The options that `run` and `rehearse` share. Whether `approved` is that of the plan, and so a digest at all, is asked
 * later.
 */
const shared = {
  approved: z.unknown().optional(),
  implementations: z.array(
    z.looseObject({
      action: z.looseObject({ name: z.string() }),
      handlers: anObjectWith<Implementation['handlers']>('an object with the handlers of the action'),
    }),
  ),
  run: z.string().min(1).optional(),
  revisionOf: aFunction.optional(),
  onFailure: z.enum(['stop', 'roll-back']).optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
};

const runOptions = z.strictObject({
  ...shared,
  journal: aJournal,
  by: z.string().optional(),
  holder: z.string().optional(),
  gate: aFunction.optional(),
});

const rehearseOptions = z.strictObject({ ...shared, journal: aJournal.optional() });

/** Whether it is a plan at all; what is wrong with one is a reason to refuse it. @throws InputError on anything else */
export function checkPlan(plan: unknown, operation: 'run' | 'rehearse'): void {
  parseArguments(operation, z.object({ plan: anObjectWith('a plan, as definePlan or parsePlan makes it') }), {
    plan,
  });
}

/** Checks the options of `run`. @throws InputError on a name that is not known, and a value of another kind */
export function checkRunOptions(options: unknown): void {
  parseArguments('run', runOptions, options);
}

/** Checks the options of `rehearse`. @throws InputError likewise */
export function checkRehearseOptions(options: unknown): void {
  parseArguments('rehearse', rehearseOptions, options);
}
