import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { messageOf, milliseconds, systemClock } from '@groundcrew/ground';
import type { Lease } from '../lease/lease.ts';
import type { Outcome } from '../running/outcome.ts';
import { lead } from '../lease/lead.ts';
import { forgetLeases, postgresLease } from '../postgres/lease.ts';
import { EngineError } from './engine-errors.ts';
import type { DbosEngineOptions } from './engine-options.ts';
import type { EnginePackages } from './engine-packages.ts';
import { execute } from './execute.ts';
import { giveDbosBack, takeDbos, type Workflow, WORKFLOW } from './process-wide.ts';
import { Recovery } from './recovery.ts';
import type { RunRequest } from './request.ts';

interface Running {
  readonly ended: Promise<unknown>;
  readonly cancel: AbortController;
}

const never = new Promise<never>(() => undefined);

/** The time in which a database that is there answers. DBOS and the pool would wait for ten seconds, and then say less. */
const REACH_LIMIT = 2_000;

/** Milliseconds for DBOS to write down how runs ended that have just ended. */
const DRAIN = 5_000;

/** An engine between `launch` and `shutdown`: it takes runs, gives signs of life, and requeues the runs of workers that died. */
export class Worker {
  readonly pool: Pool;
  readonly dbos: EnginePackages['DBOS'];
  readonly queue: string;
  readonly workflow: Workflow;
  /** Aborted when it is being shut down. */
  readonly leaving: AbortSignal;
  readonly #options: DbosEngineOptions;
  /** The pool of DBOS. */
  readonly #system: Pool;
  readonly #databaseUrl: string;
  readonly #name: string;
  readonly #version: string;
  readonly #ttl: number;
  readonly #holder: string;
  /** The id of this launch: a worker that comes back after its death is another one. */
  readonly #self: string;
  readonly #leave = new AbortController();
  readonly #die = new AbortController();
  readonly #running = new Map<string, Running>();
  readonly #asked = new Set<Promise<unknown>>();
  #left = 0;
  #background: readonly Promise<void>[] = [];
  #ended: Promise<void> | undefined;

  /** @throws EngineError if this process runs one already */
  constructor(options: DbosEngineOptions, { DBOS, Pool }: EnginePackages) {
    const { databaseUrl, name = 'groundcrew', version = '1', worker, concurrency = 10 } = options;
    const ttl = milliseconds(options.ttl ?? '15s');
    this.#options = options;
    this.dbos = DBOS;
    this.#name = name;
    this.#ttl = ttl;
    // DBOS wants it to be of one name alone.
    this.#version = `${name}/${version}`;
    this.queue = `groundcrew/${name}`;
    this.#holder = worker ?? `${hostname()} pid ${process.pid}`;
    this.#self = `${this.#holder} ${randomUUID()}`;
    this.leaving = this.#leave.signal;
    this.#databaseUrl = typeof databaseUrl === 'string' ? databaseUrl : databaseUrl.reveal();
    const common = {
      connectionString: this.#databaseUrl,
      max: Math.max(10, concurrency),
      connectionTimeoutMillis: 10_000,
    };
    this.pool = new Pool(common);
    // A worker that was stopped in the middle of a transaction must not lock its survivors out.
    this.#system = new Pool({ ...common, idle_in_transaction_session_timeout: Math.max(ttl, 5_000) });
    this.#system.on('error', (error) => this.#say('warn', error));
    this.workflow = takeDbos({ DBOS }, (request, id) => this.#execute(request, id));
  }

  async launch(): Promise<void> {
    const { concurrency = 10, pollEvery = '1s', works = true } = this.#options;
    try {
      // DBOS would try for a while, and then say less.
      const { schema } = this.#options;
      await forgetLeases({ pool: this.pool, schema }, { prefix: 'worker/', expiredFor: '1d' });
      if (works) await this.#live();
      const say = this.#say;
      this.dbos.setConfig({
        name: this.#name,
        systemDatabaseUrl: this.#databaseUrl,
        systemDatabasePool: this.#system,
        executorID: this.#self,
        applicationVersion: this.#version,
        listenQueues: works ? [this.queue] : [],
        logger: {
          debug: (entry) => say('debug', entry),
          info: (entry) => say('info', entry),
          warn: (entry) => say('warn', entry),
          error: (entry) => say('error', entry),
        },
      });
      // One after the other: two that make the tables of DBOS 5.3 at once trip over one another.
      await lead(this.#leaseOf('launch'), () => this.dbos.launch(), {
        holder: this.#holder,
        signal: this.leaving,
        retryEvery: 100,
      });
      if (!works) return;
      await this.dbos.registerQueue(this.queue, {
        workerConcurrency: concurrency,
        minPollingIntervalMs: milliseconds(pollEvery),
        onConflict: 'always_update',
      });
      this.#background = [...this.#background, this.#recover()];
    } catch (error) {
      await this.shutdown();
      throw error;
    }
  }

  /** @throws EngineError if the database does not answer at once */
  async reachDatabase(): Promise<void> {
    const stop = new AbortController();
    try {
      const answer = this.pool.query('SELECT 1');
      answer.catch(() => undefined);
      await Promise.race([answer, tooLate(stop.signal)]);
    } catch (cause) {
      throw new EngineError(`the database of the engine cannot be reached: ${messageOf(cause)}`, {
        cause,
        remedy: 'See that it is there, then start the run again: nothing was started.',
      });
    } finally {
      stop.abort();
    }
  }

  shutdown(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#leave.abort(new EngineError('the engine is being shut down'));
    try {
      await Promise.allSettled(Array.from(this.#running.values(), ({ ended }) => ended));
      await this.#answered();
      // One that leaves runs to others never ends in the eyes of DBOS.
      await this.dbos.shutdown(this.#left === 0 ? { workflowCompletionTimeoutMS: DRAIN } : {});
    } finally {
      giveDbosBack();
      this.#die.abort();
      await Promise.allSettled(this.#background);
      await Promise.all([this.pool.end(), this.#system.end()]);
    }
  }

  /** A question to DBOS, which is not waited for any more when the engine is shut down. @throws EngineError */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    this.leaving.throwIfAborted();
    const asked = question();
    this.#asked.add(asked);
    const stop = new AbortController();
    try {
      return await Promise.race([asked, rejected(this.leaving, stop.signal)]);
    } finally {
      stop.abort();
      asked.catch(() => undefined).finally(() => this.#asked.delete(asked));
    }
  }

  /** DBOS asks for ten seconds again if its connections are taken away under a question. */
  async #answered(): Promise<void> {
    const stop = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#asked),
      systemClock.sleep(DRAIN, stop.signal).catch(() => undefined),
    ]);
    stop.abort();
  }

  /** From here on there are signs of life, until it is shut down. */
  async #live(): Promise<void> {
    const { promise: alive, resolve, reject } = Promise.withResolvers<void>();
    const living = lead(
      this.#leaseOf(`worker/${this.#self}`),
      async ({ signal }) => {
        resolve();
        await aborted(signal);
      },
      {
        holder: this.#holder,
        signal: this.#die.signal,
        retryEvery: this.#ttl / 10,
        waiting: (error) => {
          this.#say('warn', error.message);
          reject(error);
        },
      },
    );
    this.#background = [living.catch(reject)];
    await alive;
  }

  async #recover(): Promise<void> {
    const recovery = new Recovery({
      self: this.#self,
      signal: this.leaving,
      isRunning: (id) => this.#running.has(id),
      leaseOf: (worker) => this.#leaseOf(`worker/${worker}`),
      taken: async () => {
        const found = await this.ask(() =>
          this.dbos.listWorkflows({
            workflowName: WORKFLOW,
            status: 'PENDING',
            applicationName: this.#name,
            applicationVersion: this.#version,
            loadInput: false,
            loadOutput: false,
          }),
        );
        return found.map(({ workflowID, executorId }) => ({ id: workflowID, worker: executorId }));
      },
      putBack: async (ids) => {
        this.#say('warn', `back into the queue, since their worker is dead: ${ids.join(', ')}`);
        await this.ask(() => this.dbos.resumeWorkflows([...ids], { queueName: this.queue }));
      },
    });
    while (!this.leaving.aborted) {
      try {
        await recovery.sweep();
        await this.#cancelCancelled();
      } catch (error) {
        if (!this.leaving.aborted) this.#say('warn', error);
      }
      await systemClock.sleep(this.#ttl / 3, this.leaving).catch(() => undefined);
    }
  }

  /** Cancels the runs whose workflow was cancelled with the tools of DBOS: DBOS itself would let the run go on. */
  async #cancelCancelled(): Promise<void> {
    const workflowIDs = [...this.#running.keys()];
    if (workflowIDs.length === 0) return;
    const cancelled = await this.ask(() =>
      this.dbos.listWorkflows({
        workflowIDs,
        status: 'CANCELLED',
        loadInput: false,
        loadOutput: false,
      }),
    );
    for (const { workflowID } of cancelled) {
      const running = this.#running.get(workflowID);
      if (running === undefined || running.cancel.signal.aborted) continue;
      this.#say('warn', `workflow ${workflowID} was cancelled: its run stops before the next step`);
      running.cancel.abort();
    }
  }

  async #execute(request: RunRequest, id: string): Promise<Outcome> {
    const { implementations, gate, revisionOf, schema, onExecution } = this.#options;
    const cancel = new AbortController();
    const ended = execute(request, {
      implementations,
      gate,
      revisionOf,
      onExecution,
      schema,
      pool: this.pool,
      ttl: this.#ttl,
      holder: this.#holder,
      leave: this.leaving,
      cancel: cancel.signal,
    });
    const running = { ended, cancel };
    this.#running.set(id, running);
    try {
      const outcome = await ended;
      if (outcome !== undefined) return outcome;
    } finally {
      if (this.#running.get(id) === running) this.#running.delete(id);
    }
    // Whatever it returned would be how the run ended. It is another worker's now.
    this.#left += 1;
    return never;
  }

  #leaseOf(name: string): Lease {
    const { schema } = this.#options;
    return postgresLease({ pool: this.pool, schema, ttl: this.#ttl, name });
  }

  readonly #say = (level: 'debug' | 'info' | 'warn' | 'error', entry: unknown): void => {
    this.#options.log?.(level, messageOf(entry));
  };
}

/** Rejects after the time in which a database answers, unless the signal is aborted before. */
async function tooLate(signal: AbortSignal): Promise<never> {
  await systemClock.sleep(REACH_LIMIT, signal).catch(() => undefined);
  throw new EngineError(`it gave no answer within ${REACH_LIMIT / 1_000} s`);
}

/** Rejects with the reason of the one signal, and is forgotten with the other. */
const rejected = (signal: AbortSignal, until: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true, signal: until });
  });

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
