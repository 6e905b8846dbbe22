import { messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import { rememberLevels, restoreNotedLevels, setLevels, STEPS } from './actions.ts';
import { accessOptions, clockOf, type LevelAccess, strategyFor } from './level-strategies.ts';
import type { LevelContext } from './strategy.ts';

const implementationsOptions = optionsSchema<LevelAccess>(accessOptions);

/**
 * Implementations of the actions of `planLevel`. Nothing is set before what was is in the journal.
 *
 * @throws InputError
 * @example
 * const journal = fileJournal('levels/cinder-volume.journal');
 * const { outcome } = run(plan, { approved, implementations: levelImplementations({ cloud }), journal });
 * const { coverage } = await confirmed(outcome, journal);
 */
export function levelImplementations(options: LevelAccess): Implementation[] {
  parseArguments('levelImplementations', implementationsOptions, options);
  return implementationsFor(options, false);
}

/** @param ended - nothing is set any more: what was begun is put back */
export function implementationsFor(access: LevelAccess, ended: boolean): Implementation[] {
  const clock = clockOf(access);
  const contextOf = ({ run, signal, progress }: StepContext): LevelContext => ({
    run,
    signal,
    progress,
    clock,
  });
  return [
    implement(rememberLevels, {
      async perform({ target, forMs }, context) {
        const before = await strategyFor(target, access).remember(contextOf(context));
        return { until: new Date(clock.now() + forMs).toISOString(), before };
      },
    }),

    implement(setLevels, {
      async precondition(_input, context) {
        const { until } = noted(context);
        if (!ended && clock.now() < Date.parse(until)) return undefined;
        return {
          code: 'levels.lease-over',
          reason: ended ? 'the lease was ended before the level was set' : `the lease ended at ${until}`,
          remedy: 'Plan anew.',
        };
      },
      async perform({ target }, context) {
        const { until, before } = noted(context);
        const strategy = strategyFor(target, access);
        try {
          return { coverage: await strategy.set(before, Date.parse(until), contextOf(context)) };
        } catch (error) {
          // An abort leaves it to the next who opens the journal, and so does what cannot be put back now.
          if (!context.signal.aborted)
            await strategy.restore(before, contextOf(context)).catch((cause: unknown) => {
              context.progress(`not put back yet: ${messageOf(cause)}`);
            });
          throw error;
        }
      },
    }),

    implement(restoreNotedLevels, {
      async perform({ target }, context) {
        const { before } = noted(context);
        return { coverage: await strategyFor(target, access).restore(before, contextOf(context)) };
      },
    }),
  ];
}

const noted = (context: StepContext) => context.outputOf(rememberLevels, STEPS.remember);
