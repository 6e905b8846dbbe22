import type { Host, Implementation } from '@groundcrew/runbook';

/** How the steps of a plan to upgrade are carried out: by commands, by people, or not at all. */
export interface UpgradeExecutor {
  /** For messages: `commands`. */
  readonly name: string;
  /** An implementation for each of `upgradeActions`. */
  implementations(hosts: readonly Host[]): readonly Implementation[];
}
