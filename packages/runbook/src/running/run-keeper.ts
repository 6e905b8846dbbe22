import type { Journal, JournalRecord } from '../journal/journal.ts';
import type { State } from '../journal/state.ts';
import type { LeadershipTerm } from '../lease/campaign.ts';
import type { Plan } from '../plan/plan.ts';
import type { Execution } from './execution.ts';
import { isUnfinished, type Outcome } from './outcome.ts';
import type { RunOptions } from './run-options.ts';
import { run } from './run.ts';

/** A run that a controller answers for. */
export interface KeptRun<About> {
  /** Name of its journal, unique among all runs of the controller. */
  readonly journal: string;
  /** The person that approved the plan, or the controller that needs no approval. */
  readonly by: string;
  /** Data that the controller needs about the run, as they are kept. */
  readonly about: About;
}

/** A run that goes on in this process, with what it does. */
export interface RunningRun<About> extends KeptRun<About> {
  readonly plan: Plan;
}

/** The memory of a controller, as pure functions: each returns the next memory, or the same one if nothing changes. */
export interface MemoryOfRuns<Memory, About> {
  /** From what is kept; `undefined`: nothing yet. @throws StateCorruptError */
  read(kept: unknown): Memory;
  /** The runs under way, which a successor resumes. */
  running(memory: Memory): readonly KeptRun<About>[];
  withBegun(memory: Memory, run: KeptRun<About>): Memory;
  withEnded(memory: Memory, run: KeptRun<About>, outcome: Outcome): Memory;
  /** Its journal never began: nothing was touched. */
  withoutBegun(memory: Memory, run: KeptRun<About>): Memory;
}

/** A listener to the runs; called in order, and errors that it throws are not caught. */
export interface RunListener<About> {
  /** It begins, or goes on after a crash. */
  started(run: KeptRun<About>, plan: Plan): void;
  record(run: KeptRun<About>, record: JournalRecord): void;
  ended(run: KeptRun<About>, plan: Plan, outcome: Outcome): void;
  /** A journal or the state could not be read or written; it is tried again. */
  trouble(error: unknown): void;
}

export interface RunKeeperOptions<Memory, About> {
  readonly memory: MemoryOfRuns<Memory, About>;
  readonly state: State;
  readonly journal: (name: string) => Journal;
  /** The options with which a run is carried out. */
  readonly how: (run: KeptRun<About>) => Omit<RunOptions, 'approved' | 'journal' | 'by'>;
  readonly listener: RunListener<About>;
  /**
   * Accounts for a run that ended, elsewhere and before it is remembered as ended: until this resolves the run counts as
   * under way, so that a successor accounts for it again. @default nothing
   */
  readonly account?: ((run: KeptRun<About>, journal: Journal) => Promise<void>) | undefined;
}

/**
 * The runs of a controller and what it remembers of them. A run is remembered before it begins and forgotten after it
 * was accounted for, and what could not be saved is not remembered, so that a controller that is killed anywhere is
 * succeeded by one that resumes exactly what was under way.
 *
 * @example
 * const keeper = new RunKeeper({ memory, state, journal, how, listener });
 * await keeper.load(term);
 * await keeper.begin(plan, { journal: 'recover-compute-3', by: 'ops', about: { host: 'compute-3' } }, signal);
 */
export class RunKeeper<Memory, About> {
  readonly #options: RunKeeperOptions<Memory, About>;
  readonly #running = new Map<string, { readonly kept: RunningRun<About>; readonly execution: Execution }>();
  readonly #ends = new Set<Promise<void>>();
  #memory: Memory;
  #saved: Promise<void> = Promise.resolve();
  #term: LeadershipTerm | undefined;

  constructor(options: RunKeeperOptions<Memory, About>) {
    this.#options = options;
    this.#memory = options.memory.read(undefined);
  }

  /** The memory as it is saved. */
  get memory(): Memory {
    return this.#memory;
  }

  /** The runs that go on in this process. */
  get running(): readonly RunningRun<About>[] {
    return Array.from(this.#running.values(), ({ kept }) => kept);
  }

  /** Reads what is kept: what is remembered from now on is remembered in this term. */
  async load(term: LeadershipTerm): Promise<void> {
    this.#term = term;
    this.#memory = this.#options.memory.read(await this.#options.state.load());
  }

  /** Saves the next memory, one after the other; nothing, if another controller may be leading, which has read it. */
  async remember(next: (memory: Memory) => Memory): Promise<void> {
    const saved = this.#save(next, this.#saved);
    this.#saved = saved;
    await saved;
  }

  /** Begins a plan that was approved. It begins nothing if `signal` is aborted, or the lease lost, meanwhile. */
  async begin(plan: Plan, kept: KeptRun<About>, signal: AbortSignal): Promise<void> {
    // Remembered first: a successor that finds the journal missing knows that nothing was touched.
    await this.remember((memory) => this.#options.memory.withBegun(memory, kept));
    // Writing may have taken long: it is not to begin what another one may have begun meanwhile.
    if (!signal.aborted && !this.#isLost()) this.#launch(plan, kept);
  }

  /** Goes on with what was running when the last controller died, or could not account for it. */
  async resume(signal: AbortSignal): Promise<void> {
    for (const kept of this.#options.memory.running(this.#memory)) {
      if (this.#running.has(kept.journal)) continue;
      try {
        const [first] = await this.#options.journal(kept.journal).read();
        if (signal.aborted) return;
        // A run that began had the approved digest.
        if (first?.event.type === 'run-started') this.#launch(first.event.plan, kept);
        else await this.remember((memory) => this.#options.memory.withoutBegun(memory, kept));
      } catch (error) {
        // One journal that cannot be read keeps its things from being touched, and no other ones.
        this.#options.listener.trouble(error);
      }
    }
  }

  /**
   * Begins no new step; resolves when what is running has ended: at once, if another one may be leading.
   *
   * @param options `cancel`: steps that are running are cut off, for those that take hours; a successor goes on with them
   */
  async stop({ cancel = false }: { readonly cancel?: boolean | undefined } = {}): Promise<void> {
    for (const { execution } of this.#running.values()) {
      execution.pause();
      if (!cancel && !this.#isLost()) continue;
      execution.cancel();
      execution.cancel();
    }
    await Promise.all(this.#ends);
  }

  async #save(next: (memory: Memory) => Memory, before: Promise<void>): Promise<void> {
    await before.catch(() => undefined);
    const memory = next(this.#memory);
    if (memory === this.#memory || this.#isLost()) return;
    await this.#options.state.save(memory, this.#term?.token);
    this.#memory = memory;
  }

  #launch(plan: Plan, kept: KeptRun<About>): void {
    const { listener } = this.#options;
    const journal = this.#options.journal(kept.journal);
    const execution = run(plan, {
      ...this.#options.how(kept),
      approved: plan.digest,
      journal,
      by: kept.by,
    });
    this.#running.set(kept.journal, { kept: { ...kept, plan }, execution });
    listener.started(kept, plan);
    execution.events.on('record', (record) => listener.record(kept, record));
    const end = this.#end(plan, kept, execution, journal).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }

  async #end(plan: Plan, kept: KeptRun<About>, execution: Execution, journal: Journal): Promise<void> {
    const { memory, listener, account } = this.#options;
    const outcome = await execution.outcome;
    try {
      if (!isUnfinished(outcome)) {
        await account?.(kept, journal);
        await this.remember((before) => memory.withEnded(before, kept, outcome));
      }
    } catch (error) {
      // It stays remembered as running: the next round reads how it ended, and accounts for it again.
      listener.trouble(error);
    }
    this.#running.delete(kept.journal);
    listener.ended(kept, plan, outcome);
  }

  /** May another one be leading? */
  #isLost(): boolean {
    return this.#term?.lost.aborted === true;
  }
}
