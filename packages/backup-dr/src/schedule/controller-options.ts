import {
  aClock,
  aFunction,
  anObjectWith,
  aPositiveDuration,
  type Clock,
  type Duration,
  InputError,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Journal, Lease, State } from '@groundcrew/runbook';
import { z } from 'zod';
import type { BackupSource } from '../backup/backup-source.ts';
import { refuseTwice } from '../backup/due-backups.ts';
import type { BackupPolicy } from '../backup/protect.ts';
import type { ProofLedger } from '../prove/proof-ledger.ts';
import type { BackupRepository } from '../repository/repository.ts';

export interface BackupControllerOptions {
  readonly policies: readonly BackupPolicy[];
  /**
   * What a project is read with, by the name that its policy has: a client in the scope of that project, and the way to the bytes of
   * its volumes. It is asked once for each project, also for one of which only a run is left that is to be resumed.
   */
  readonly source: (project: string) => BackupSource;
  readonly repository: BackupRepository;
  /** What was proven: the newest proven point stays. Needed where a policy approves retention (`forgetAtMost`). */
  readonly ledger?: Pick<ProofLedger, 'read'> | undefined;
  /** The place of its memory: `fileState(path)`, or `postgresState` for controllers on several machines. */
  readonly state: State;
  /** The journal of a name: `(name) => fileJournal(join(folder, name))`. */
  readonly journal: (name: string) => Journal;
  /** If several controllers share a lease, the one that holds it acts. @default it is the only one */
  readonly lease?: Lease | undefined;
  /** The name of this controller, for others that find the lease held, and for journals. @default 'backup-controller' */
  readonly holder?: string | undefined;
  /** Backups that run beside each other. @default 2 */
  readonly atOnce?: number | undefined;
  /** From one attempt of a project to the next: what fails at once is not tried all day. @default '15m' */
  readonly retryAfter?: Duration | undefined;
  /** The time between two looks at the repository, at the most: by then also a clock that was set has been noticed. @default '5m' */
  readonly interval?: Duration | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

const aPolicy = anObjectWith<BackupPolicy>('a policy, as `protect` gives it', 'project', 'rpoMs', 'without');

const controllerOptions = optionsSchema<BackupControllerOptions>({
  policies: z.array(aPolicy).min(1),
  source: aFunction,
  repository: anObjectWith<BackupRepository>('a repository, as openRepository opens it', 'write', 'points'),
  ledger: anObjectWith<Pick<ProofLedger, 'read'>>('a ledger of proofs', 'read').optional(),
  state: anObjectWith<State>('a State', 'load', 'save'),
  journal: aFunction,
  lease: anObjectWith<Lease>('a Lease', 'acquire').optional(),
  holder: z.string().min(1).optional(),
  atOnce: z.int().positive().optional(),
  retryAfter: aPositiveDuration.optional(),
  interval: aPositiveDuration.optional(),
  clock: aClock.optional(),
});

/** Checks that everything is given that the policies need. @throws InputError naming the field */
export function checkBackupController(options: BackupControllerOptions): void {
  const operation = 'backupController';
  parseArguments(operation, controllerOptions, options);
  const { policies, ledger, repository } = options;
  refuseTwice(operation, policies);
  const retaining = policies.find(({ forgetAtMost }) => forgetAtMost > 0);
  if (retaining !== undefined && ledger === undefined)
    throw new InputError(
      `${operation}: ledger: without it nobody knows which point of ${retaining.project} was proven, and is to stay`,
      { field: 'ledger', operation },
    );
  if (repository.isReadOnly)
    throw new InputError(`${operation}: repository: it was opened to be read only`, {
      field: 'repository',
      operation,
    });
}
