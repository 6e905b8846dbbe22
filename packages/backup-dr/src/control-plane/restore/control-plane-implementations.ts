import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Implementation } from '@groundcrew/runbook';
import { z } from 'zod';
import type { BackupRepository } from '../../repository/repository.ts';
import { componentsBack, ovnSynced } from './components-back.ts';
import { databaseBack, databaseChecked } from './database-back.ts';
import { definitionsBack } from './definitions-back.ts';
import { ovsdbBack } from './ovsdb-back.ts';
import { filesBack } from './files-back.ts';
import type { RestoreHost } from './place-back.ts';

export interface ControlPlaneImplementationsOptions {
  /** That has the point. */
  readonly repository: BackupRepository;
  /** By the names that the plan has. */
  readonly hosts: { readonly [name: string]: RestoreHost };
  /** As root, or as the user of that name: owners of files can be set by root alone. @default as who one is */
  readonly sudo?: boolean | string | undefined;
}

const implementationsOptions = optionsSchema<ControlPlaneImplementationsOptions>({
  repository: anObjectWith<BackupRepository>('a repository, as openRepository opens it', 'read', 'points'),
  hosts: z.record(z.string(), anObjectWith<RestoreHost>('a Host', 'run', 'name')),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
});

/**
 * Implementations of the actions of `planControlPlaneRestore`. What is put back is unpacked beside what is there, and takes its place by
 * two moves: killed between any two commands, the same call on the same journal goes on. With `onFailure: 'roll-back'` what was there
 * comes back, until definitions were imported.
 *
 * @throws InputError naming the field
 * @example
 * const { outcome } = run(plan, {
 *   approved,
 *   implementations: controlPlaneImplementations({ repository: repo, hosts: { 'ctl-1': sshHost({ host: 'ctl-1' }) }, sudo: true }),
 *   gate: async ({ question }) => (await ask(question)) ? 'open' : 'wait',
 *   journal: fileJournal('control-plane.journal'),
 * });
 */
export function controlPlaneImplementations(options: ControlPlaneImplementationsOptions): Implementation[] {
  parseArguments('controlPlaneImplementations', implementationsOptions, options);
  const { repository, hosts, sudo } = options;
  const back = { repository, hosts: new Map(Object.entries(hosts)), sudo };
  return [
    ...componentsBack(back),
    databaseBack(back),
    databaseChecked(back),
    filesBack(back),
    definitionsBack(back),
    ovsdbBack(back),
    ovnSynced(back),
  ];
}
