import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { everyAction } from './every-action.ts';
import type { UpgradeExecutor } from './executor.ts';
import type { ComponentNaming } from './naming.ts';
import { namingShape } from './naming-schema.ts';
import { stepWords } from './step-words.ts';

export interface DryExecutorOptions extends ComponentNaming {}

const dryOptions = optionsSchema<DryExecutorOptions>(namingShape);

/**
 * Carries out nothing, and tells the commands of each step by the run's `progress` events: to read a plan as what it would do.
 *
 * @throws InputError naming the field
 * @example
 * const { events, outcome } = run(plan, { approved, implementations: upgradeImplementations({ executor: dryExecutor() }), journal });
 */
export function dryExecutor(options: DryExecutorOptions = {}): UpgradeExecutor {
  parseArguments('dryExecutor', dryOptions, options);
  return {
    name: 'dry',
    implementations: () =>
      everyAction((action) => ({
        async perform(input, { progress }) {
          for (const line of stepWords(action.name, input, options).how) progress(line);
          return { outcome: 'dry', facts: {} };
        },
      })),
  };
}
