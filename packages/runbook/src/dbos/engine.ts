import { randomUUID } from 'node:crypto';
import { milliseconds, parseArguments, systemClock } from '@groundcrew/ground';
import type { WorkflowStatus } from '@dbos-inc/dbos-sdk';
import { digestOfPlan } from '../plan/digest.ts';
import type { Outcome } from '../running/outcome.ts';
import type { Plan } from '../plan/plan.ts';
import { replay } from '../journal/replay.ts';
import { postgresJournal } from '../postgres/journal.ts';
import { EngineError, RunTakenError } from './engine-errors.ts';
import {
  type DbosEngine,
  type DbosEngineOptions,
  type DbosRun,
  type DbosStartOptions,
  engineOptions,
  startOptions,
} from './engine-options.ts';
import { type EnginePackages, enginePackages } from './engine-packages.ts';
import { endsIn, type RunRequest } from './request.ts';
import { Worker } from './worker.ts';

/**
 * Runs plans on many workers that share a PostgreSQL: one may die at any moment, and another goes on where it was, with
 * nobody's help, after about `ttl` and a third.
 *
 * What DBOS gives: a durable queue, a run that is started once however often `start` is called with its id, and its
 * tables and tools to see and list runs by. What the journal gives: who runs a run holds its lease, every record carries
 * a token, and a worker that was suspended and succeeded can write nothing, so nothing begins that the journal does not
 * know of. An action that hands its `key`, or the `token`, to what it acts upon is so done once; of any other, an attempt
 * that was cut short is asked about (`done`), or made again.
 *
 * A run is one workflow, and its steps are not steps of DBOS: DBOS replays a workflow by counting its steps, and a run
 * that goes on skips what is done. One worker at a time runs a run; many runs are spread over the workers. One engine at
 * a time in a process, and no other use of DBOS beside it.
 *
 * @throws InputError on an option that there is not
 * @example
 * await using engine = dbosEngine({ databaseUrl, implementations });
 * await engine.launch();
 * const { run, outcome } = await engine.start(plan, { approved, by: 'ada', run: 'recover-compute-3' });
 * console.log(run, (await outcome).status);
 */
export const dbosEngine = (options: DbosEngineOptions): DbosEngine => new Engine(options);

class Engine implements DbosEngine {
  readonly #options: DbosEngineOptions;
  /** It is being launched, or was. */
  #made: Promise<Worker> | undefined;
  #worker: Worker | undefined;

  constructor(options: DbosEngineOptions) {
    parseArguments('dbosEngine', engineOptions, options);
    this.#options = options;
  }

  async launch(): Promise<void> {
    if (this.#made !== undefined) throw new EngineError('the engine was launched before');
    const made = enginePackages().then((packages) => new Worker(this.#options, packages));
    this.#made = made;
    try {
      const worker = await made;
      this.#worker = worker;
      await worker.launch();
    } catch (error) {
      this.#made = undefined;
      this.#worker = undefined;
      throw error;
    }
  }

  async start(plan: Plan, options: DbosStartOptions): Promise<DbosRun> {
    parseArguments('dbosEngine.start', startOptions, options);
    const worker = this.#worker;
    if (worker === undefined || worker.leaving.aborted)
      throw new EngineError('the engine is not launched', { remedy: 'Call launch() first.' });
    await worker.reachDatabase();
    const { approved, by, run = randomUUID(), onFailure = 'stop', again = false } = options;
    const records = await postgresJournal({ pool: worker.pool, schema: this.#options.schema, run }).read();
    // Whatever is in it is checked before anything goes by it.
    replay(records);
    const ends = endsIn(records);
    const { last, next } = await worker.ask(() => triesOf(worker.dbos, run));
    const digest = digestOfInput(last);
    if (digest !== undefined && digest !== digestOfPlan(plan)) throw new RunTakenError(run, digest);
    const goesOn = last === undefined || (again && isEnded(last));
    const id = goesOn ? next : last.workflowID;
    if (goesOn) {
      const request: RunRequest = { run, plan, approved, by: by ?? null, onFailure, ended: ends.length };
      const start = worker.dbos.startWorkflow(worker.workflow, {
        workflowID: id,
        queueName: worker.queue,
        ...(by === undefined ? {} : { authenticatedUser: by }),
      });
      await worker.ask(() => start(request));
    }
    const outcome = this.#outcomeOf(id, worker);
    // A program that does not wait for it must not be ended by its rejection.
    outcome.catch(() => undefined);
    return { run, outcome };
  }

  async shutdown(): Promise<void> {
    const made = this.#made;
    // An engine that cannot be made has nothing to shut down; `launch` says why.
    const worker = await made?.catch(() => undefined);
    await worker?.shutdown();
    if (this.#made !== made) return;
    this.#made = undefined;
    this.#worker = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** Asked again while the database is away. */
  async #outcomeOf(id: string, worker: Worker): Promise<Outcome> {
    const { pollEvery = '1s', log } = this.#options;
    for (;;) {
      try {
        const status = await worker.ask(() => worker.dbos.getWorkflowStatus(id));
        if (status?.status === 'SUCCESS') return status.output as Outcome;
        if (status !== null && isEnded(status)) return await Promise.reject(notEnded(id, status));
      } catch (error) {
        if (error instanceof EngineError) throw error;
        log?.('warn', String(error));
      }
      await systemClock.sleep(milliseconds(pollEvery), worker.leaving);
    }
  }
}

/** The first try has the run's id; those after it, a number as well. */
async function triesOf(
  dbos: EnginePackages['DBOS'],
  run: string,
): Promise<{ readonly last: WorkflowStatus | undefined; readonly next: string }> {
  let last: WorkflowStatus | undefined;
  for (let number = 1; ; number += 1) {
    const next = number === 1 ? run : `${run}~${number}`;
    const found = await dbos.getWorkflowStatus(next);
    if (found === null) return { last, next };
    last = found;
  }
}

const isEnded = ({ status }: WorkflowStatus): boolean =>
  status !== 'PENDING' && status !== 'ENQUEUED' && status !== 'DELAYED';

/** The digest of the plan that is stored with the workflow: computed, since a stored digest proves nothing. */
function digestOfInput(workflow: WorkflowStatus | undefined): string | undefined {
  const request = workflow?.input?.[0] as RunRequest | undefined;
  return request === undefined ? undefined : digestOfPlan(request.plan);
}

const notEnded = (id: string, { status, error }: WorkflowStatus): EngineError =>
  new EngineError(`workflow ${id} is ${status}${error instanceof Error ? `: ${error.message}` : ''}`, {
    cause: error,
    remedy: 'Start it again with `again: true`: it goes on where it was.',
  });
