import { z } from 'zod';
import {
  aFunction,
  anObjectWith,
  aPositiveDuration,
  aSchemaName,
  type Duration,
  optionsSchema,
} from '@groundcrew/ground';
import type { Implementation } from '../plan/action.ts';
import type { Execution } from '../running/execution.ts';
import type { Revealable } from '../hosts/host.ts';
import type { Outcome } from '../running/outcome.ts';
import type { Plan } from '../plan/plan.ts';
import { aTtl } from '../postgres/lease.ts';
import type { RunOptions } from '../running/run-options.ts';

export interface DbosEngineOptions extends Pick<RunOptions, 'gate' | 'revisionOf'> {
  /** `postgresql://user@host/database`. Holds the schemas `dbos` and `groundcrew`, which are made if they are absent. */
  readonly databaseUrl: string | Revealable;
  /** The actions that this worker can carry out. The workers of one name and version must be able to do the same. */
  readonly implementations: readonly Implementation[];
  /** Workers of one name share a queue. Letters, digits, `-` and `_`. @default 'groundcrew' */
  readonly name?: string | undefined;
  /** Workers take only runs that were started under their version, so that two sets of implementations can coexist. @default '1' */
  readonly version?: string | undefined;
  /** The name of this worker in journals and refusals. @default host name and pid */
  readonly worker?: string | undefined;
  /** Time after its last sign of life until a worker counts as dead. 1 s to 1 day. @default '15s' */
  readonly ttl?: Duration | undefined;
  /** `false`: this process takes no runs, but starts them and hears how they end. @default true */
  readonly works?: boolean | undefined;
  /** Runs at a time in each worker. @default 10 */
  readonly concurrency?: number | undefined;
  /** Between two looks into the queue, and at a run whose outcome is waited for. @default '1s' */
  readonly pollEvery?: Duration | undefined;
  /** The schema of the journals and leases. @default 'groundcrew' */
  readonly schema?: string | undefined;
  /** Called with every execution that begins in this worker: to listen to it, pause it, cancel it. */
  readonly onExecution?: ((execution: Execution, run: string) => void) | undefined;
  /** Receives the log of DBOS and of the recovery. @default nobody listens */
  readonly log?: ((level: 'debug' | 'info' | 'warn' | 'error', message: string) => void) | undefined;
}

export interface DbosStartOptions {
  /** The digest that somebody approved, as it was shown to them; not `plan.digest`, which proves nothing. */
  readonly approved: string;
  /** The person or program that wants it, for the journal. @default unknown */
  readonly by?: string | undefined;
  /** @default a random UUID */
  readonly run?: string | undefined;
  /** The way to go on after a step that failed and may not. @default 'stop' */
  readonly onFailure?: 'stop' | 'roll-back' | undefined;
  /**
   * May a run that ended `paused`, `failed`, `cancelled` or `refused` go on? Otherwise starting it again returns how it
   * ended. @default false
   */
  readonly again?: boolean | undefined;
}

export const engineOptions = optionsSchema<DbosEngineOptions>({
  databaseUrl: z.union([z.string().min(1), anObjectWith<Revealable>('text, or a Secret', 'reveal')]),
  implementations: z.array(anObjectWith<Implementation>('an Implementation', 'action', 'handlers')),
  name: z
    .string()
    .regex(/^[\w-]{1,60}$/, 'letters, digits, - and _')
    .optional(),
  version: z.string().min(1).optional(),
  worker: z.string().min(1).optional(),
  ttl: aTtl.optional(),
  works: z.boolean().optional(),
  concurrency: z.int().min(1).optional(),
  pollEvery: aPositiveDuration.optional(),
  schema: aSchemaName.optional(),
  onExecution: aFunction.optional(),
  log: aFunction.optional(),
  gate: aFunction.optional(),
  revisionOf: aFunction.optional(),
});

export const startOptions = optionsSchema<DbosStartOptions>({
  // The run checks whether it is the digest of the plan, and so a digest at all.
  approved: z.unknown(),
  by: z.string().optional(),
  // The tilde is for the tries after the first.
  run: z
    .string()
    .regex(/^[^~]{1,200}$/, 'is empty, too long, or has a ~')
    .optional(),
  onFailure: z.enum(['stop', 'roll-back']).optional(),
  again: z.boolean().optional(),
});

export interface DbosRun {
  readonly run: string;
  /**
   * The outcome, on whichever worker; rejects with `EngineError` when this engine is shut down before. A rejection that
   * nobody awaits does no harm.
   */
  readonly outcome: Promise<Outcome>;
}

export interface DbosEngine extends AsyncDisposable {
  /**
   * Connects, makes its tables, and begins to take runs.
   *
   * @throws EngineError, JournalError, errors of DBOS; MissingPackageError if `pg` or `@dbos-inc/dbos-sdk` is not installed
   */
  launch(): Promise<void>;
  /**
   * Puts a run into the queue; durable when it resolves. Started twice with one id, it runs once, and both hear how it
   * ends.
   *
   * @throws InputError on an option that there is not; EngineError, at once if the database cannot be reached; RunTakenError if another plan was started under this id
   */
  start(plan: Plan, options: DbosStartOptions): Promise<DbosRun>;
  /**
   * Takes no more runs, lets running steps end, and gives its runs to the other workers (or to the next one that is
   * launched). A program that cannot wait for the steps may end the process: that is what recovery is for.
   */
  shutdown(): Promise<void>;
}
