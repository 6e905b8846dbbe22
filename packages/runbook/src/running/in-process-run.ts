import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Emitter, messageOf } from '@groundcrew/ground';
import type { EventEmitter } from 'eventemitter3';
import type { Clock } from '@groundcrew/ground';
import { systemClock } from '@groundcrew/ground';
import { RunbookError } from '../errors.ts';
import type { ExecutionEvents } from './execution-events.ts';
import type { Execution } from './execution.ts';
import { failureOf } from './failure.ts';
import type { JournalRecord, OpenJournal } from '../journal/journal.ts';
import { countsOf, factsOf, factsOfNothing } from './outcome-of.ts';
import type { Outcome, StepCounts } from './outcome.ts';
import { planAsGiven } from '../plan/parse-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { recordsOf } from '../journal/records-of.ts';
import type { Refusal } from '../plan/refusal.ts';
import type { RunState } from '../journal/run-state.ts';
import { RunLoop, type Emit } from './run-loop.ts';
import { RunMemory } from './run-memory.ts';
import type { RunOptions } from './run-options.ts';
import { refusalsOfJournal, refusalsOfPlan, refusalsOfTargets } from './start-refusals.ts';

/** The error of a step that ended because its run was cancelled for the second time. */
class RunCancelledError extends RunbookError {
  readonly code = 'cancelled';
}

export class InProcessRun implements Execution {
  readonly events = new Emitter<ExecutionEvents>();
  readonly outcome: Promise<Outcome>;
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #clock: Clock;
  readonly #id: string;
  /** No new step. */
  readonly #halt = new AbortController();
  /** Not this one either. */
  readonly #abort = new AbortController();
  readonly #emit: Emit = (name, event) => void (this.events as unknown as EventEmitter).emit(name, event);
  #cancelled = false;
  #memory: RunMemory | undefined;

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = planAsGiven(plan);
    this.#options = { ...options, implementations: [...options.implementations] };
    this.#clock = options.clock ?? systemClock;
    this.#id = options.run ?? randomUUID();
    this.outcome = this.#live();
  }

  get counts(): StepCounts {
    const state = this.#memory?.state;
    return state === undefined ? factsOfNothing(this.#plan, this.#id, '').counts : countsOf(state);
  }

  pause(): void {
    this.#halt.abort(new RunCancelledError('the run was paused'));
  }

  cancel(): void {
    if (this.#cancelled) this.#abort.abort(new RunCancelledError('the run was cancelled'));
    this.#cancelled = true;
    this.#halt.abort(new RunCancelledError('the run was cancelled'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.outcome;
  }

  [Symbol.asyncIterator](): AsyncIterator<JournalRecord> {
    return recordsOf(this);
  }

  async #live(): Promise<Outcome> {
    const { signal } = this.#options;
    const stop = (): void => {
      if (!this.#cancelled) this.cancel();
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      // The caller has the next moment to add listeners.
      await Promise.resolve();
      const outcome = await this.#outcome();
      this.#emit('ended', outcome);
      return outcome;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async #outcome(): Promise<Outcome> {
    const { approved, implementations, journal, onFailure, holder } = this.#options;
    const refusals = refusalsOfPlan(this.#plan, approved, implementations, onFailure === 'roll-back');
    if (refusals.length > 0) return this.#refused(refusals);
    let open: OpenJournal | undefined;
    try {
      this.#halt.signal.throwIfAborted();
      open = await journal.open({
        holder: holder ?? `${hostname()} pid ${process.pid}`,
        signal: this.#halt.signal,
      });
      this.#memory = new RunMemory(open, this.#clock, (record) => this.#emit('record', record));
    } catch (error) {
      await given(open);
      return this.#notOpened(error);
    }
    const lost = (): void => {
      this.#memory?.breakWith(open.lost.reason);
      this.#abort.abort(open.lost.reason);
    };
    open.lost.addEventListener('abort', lost, { once: true });
    if (open.lost.aborted) lost();
    try {
      return await this.#begin(this.#memory);
    } finally {
      open.lost.removeEventListener('abort', lost);
      await given(open);
    }
  }

  async #begin(memory: RunMemory): Promise<Outcome> {
    const { state } = memory;
    const { by, revisionOf } = this.#options;
    const other = refusalsOfJournal(this.#plan, state);
    if (other.length > 0) return { ...this.#facts(undefined), status: 'refused', refusals: other };
    if (state?.outcome !== undefined && isOver(state.outcome)) return state.outcome;
    try {
      const asked = { revisionOf, clock: this.#clock, signal: this.#halt.signal };
      const moved = await refusalsOfTargets(this.#plan, state, asked);
      if (moved.length > 0) return this.#refused(moved);
    } catch (error) {
      // It was told to halt before it had begun.
      return this.#untouched(error);
    }
    try {
      await memory.record(
        state === undefined
          ? { type: 'run-started', run: this.#id, plan: this.#plan, by }
          : { type: 'run-resumed', by },
      );
      const loop = new RunLoop({
        memory,
        options: this.#options,
        clock: this.#clock,
        halt: this.#halt.signal,
        abort: this.#abort,
        cancelled: () => this.#cancelled,
        emit: this.#emit,
      });
      const outcome = await loop.run();
      await memory.record({ type: 'run-ended', outcome });
      return outcome;
    } catch (error) {
      if (memory.broken === undefined) throw error;
      return { ...this.#facts(memory.state), status: 'interrupted', reason: messageOf(memory.broken.error) };
    }
  }

  #facts(state: RunState | undefined): Omit<Outcome, 'status'> {
    const now = new Date(this.#clock.now()).toISOString();
    return state === undefined ? factsOfNothing(this.#plan, this.#id, now) : factsOf(state, now);
  }

  #refused(refusals: readonly Refusal[]): Outcome {
    return { ...this.#facts(this.#memory?.state), status: 'refused', refusals };
  }

  #notOpened(error: unknown): Outcome {
    if (this.#halt.signal.aborted && error === this.#halt.signal.reason) return this.#untouched(error);
    const { code, message, remedy } = failureOf(error, '', 'precondition');
    return this.#refused([
      { code: code === 'lease-held' ? 'run.lease-held' : 'run.journal', reason: message, remedy },
    ]);
  }

  #untouched(error: unknown): Outcome {
    if (!this.#halt.signal.aborted) throw error;
    const facts = this.#facts(this.#memory?.state);
    return this.#cancelled
      ? { ...facts, status: 'cancelled', failures: [] }
      : { ...facts, status: 'paused', at: [] };
  }
}

/** Nothing more can come of it: running it again returns this outcome again. */
const isOver = ({ status }: Outcome): boolean =>
  status === 'succeeded' || status === 'partially-succeeded' || status === 'rolled-back';

/** A lease that cannot be given back runs out; the outcome stands. */
const given = async (open: OpenJournal | undefined): Promise<void> => open?.close().catch(() => undefined);
