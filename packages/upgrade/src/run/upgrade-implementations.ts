import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host, Implementation } from '@groundcrew/runbook';
import { z } from 'zod';
import type { UpgradeExecutor } from './executors/executor.ts';

export interface UpgradeImplementationsOptions {
  readonly executor: UpgradeExecutor;
  /** Named as in the topology. @default none: a checklist and a dry run need none */
  readonly hosts?: readonly Host[] | undefined;
}

const implementationsOptions = optionsSchema<UpgradeImplementationsOptions>({
  executor: anObjectWith<UpgradeExecutor>('an UpgradeExecutor', 'name', 'implementations'),
  hosts: z.array(anObjectWith<Host>('a Host', 'name', 'run', 'upload', 'download')).optional(),
});

/**
 * Implementations of the actions of `planUpgrade`. None can be undone: an upgrade goes on, or a backup is restored; so `run` is not to be
 * asked to roll back.
 *
 * @throws InputError naming the field
 * @example
 * const { outcome } = run(plan, {
 *   approved,
 *   implementations: upgradeImplementations({ hosts, executor: commandExecutor() }),
 *   journal: fileJournal('/var/lib/groundcrew/upgrade.journal'),
 *   gate: async ({ question }) => ((await confirmed(question)) ? 'open' : 'wait'),
 * });
 */
export function upgradeImplementations(options: UpgradeImplementationsOptions): Implementation[] {
  parseArguments('upgradeImplementations', implementationsOptions, options);
  const { executor, hosts = [] } = options;
  return [...executor.implementations(hosts)];
}
