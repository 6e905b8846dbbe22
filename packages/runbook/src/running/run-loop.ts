import { PlanError } from '../errors.ts';
import { ReadyQueue } from './ready-queue.ts';
import type { Clock } from '@groundcrew/ground';
import type { ExecutionEvents } from './execution-events.ts';
import { stepOutput } from './step-output.ts';
import type { OutcomeFacts, Outcome, StepFailure } from './outcome.ts';
import { factsOf, failuresOf } from './outcome-of.ts';
import type { Gate, Step } from '../plan/plan.ts';
import type { RunState, StepMemory } from '../journal/run-state.ts';
import type { RunMemory } from './run-memory.ts';
import type { RunOptions } from './run-options.ts';
import { type Moves, movesOf, blockingFailure, toUndo } from './schedule.ts';
import { type ImplementationsByAction, implementationsByAction } from './start-refusals.ts';
import { executeStep, type StepPorts, undoStep } from './step-life.ts';

/** Reports the events of an execution. */
export type Emit = <Name extends keyof ExecutionEvents>(name: Name, event: ExecutionEvents[Name][0]) => void;

export interface LoopPorts {
  readonly memory: RunMemory;
  readonly options: RunOptions;
  readonly clock: Clock;
  /** Aborted: no new step. */
  readonly halt: AbortSignal;
  /** Aborted: not the running ones either. */
  readonly abort: AbortController;
  /** Was the halt a cancel, not a pause? */
  readonly cancelled: () => boolean;
  readonly emit: Emit;
}

const NOTHING: Moves = { start: [], skip: [], at: [] };

/** Starts what may start, waits until anything happens, and again, until nothing can. */
export class RunLoop {
  readonly #ports: LoopPorts;
  readonly #memory: RunMemory;
  readonly #implementations: ImplementationsByAction;
  readonly #running = new Set<string>();
  readonly #asking = new Set<string>();
  readonly #asked = new Set<string>();
  /** Aborted when no answer of a gate matters any more. */
  readonly #over = new AbortController();
  #wake = Promise.withResolvers<void>();
  #queue: ReadyQueue | undefined;

  constructor(ports: LoopPorts) {
    this.#ports = ports;
    this.#memory = ports.memory;
    this.#implementations = implementationsByAction(ports.options.implementations);
  }

  /** Runs the plan to its outcome. Rejects when the journal is lost, and only when nothing runs any more. */
  async run(): Promise<Outcome> {
    const { halt } = this.#ports;
    const halted = (): void => {
      this.#over.abort(halt.reason);
      this.#wake.resolve();
    };
    if (halt.aborted) halted();
    halt.addEventListener('abort', halted, { once: true });
    try {
      if (!this.#state.rollingBack) await this.#forward();
      while (this.#running.size > 0) await this.#happening();
    } finally {
      halt.removeEventListener('abort', halted);
      this.#over.abort(new Error('the run has ended'));
    }
    if (this.#memory.broken !== undefined) throw this.#memory.broken.error;
    return this.#ended();
  }

  get #state(): RunState {
    return this.#memory.begun;
  }

  async #forward(): Promise<void> {
    const queue = new ReadyQueue(this.#state);
    this.#queue = queue;
    while (this.#memory.broken === undefined) {
      const begin = !this.#ports.halt.aborted && !queue.isStopped;
      const moves = this.#ports.halt.aborted ? NOTHING : queue.moves({ begin });
      if (moves.skip.length > 0) {
        await this.#skip(moves.skip);
        if (this.#memory.broken === undefined) queue.skipped(moves.skip.map(({ step }) => step.id));
        continue;
      }
      for (const step of moves.start) this.#start(step);
      for (const gate of moves.at) this.#ask(gate);
      if (this.#running.size === 0 && (!begin || this.#asking.size === 0)) return;
      await this.#happening();
    }
  }

  async #happening(): Promise<void> {
    await this.#wake.promise;
    this.#wake = Promise.withResolvers();
  }

  #start(step: Step): void {
    const { abort } = this.#ports;
    this.#running.add(step.id);
    const living = async (): Promise<void> => {
      try {
        await executeStep(step, this.#implementationOf(step), this.#memoryOf(step), this.#portsOf(step));
      } catch (error) {
        // Nothing may go on that cannot be journalled, in this step or beside it.
        this.#memory.breakWith(error);
        abort.abort(error);
      } finally {
        this.#running.delete(step.id);
        this.#queue?.ended(step.id);
        this.#wake.resolve();
      }
    };
    void living();
  }

  /** Together, so that a journal can make them durable at once. A journal that fails is noticed by the loop. */
  async #skip(skipped: Moves['skip']): Promise<void> {
    await Promise.allSettled(
      skipped.map(({ step, because }) =>
        this.#memory.record({ type: 'step-skipped', step: step.id, because }),
      ),
    );
  }

  #ask(gate: Gate): void {
    if (this.#asked.has(gate.id)) return;
    this.#asked.add(gate.id);
    this.#asking.add(gate.id);
    const { options, emit } = this.#ports;
    const waits = (error: unknown): void => emit('waiting', { gate, error });
    const asking = async (): Promise<void> => {
      try {
        const answer = await options.gate?.(gate, this.#over.signal);
        if (this.#over.signal.aborted) return;
        if (answer !== 'open') waits(undefined);
        else {
          await this.#memory.record({ type: 'gate-opened', gate: gate.id, by: options.by });
          this.#queue?.opened(gate);
        }
      } catch (error) {
        if (this.#memory.broken === undefined) waits(error);
      } finally {
        this.#asking.delete(gate.id);
        this.#wake.resolve();
      }
    };
    void asking();
  }

  async #ended(): Promise<Outcome> {
    const state = this.#state;
    const { halt, cancelled, options } = this.#ports;
    if (state.rollingBack) return this.#rollBack();
    const failures = failuresOf(state);
    const failed = blockingFailure(state);
    const left = state.plan.steps.filter(({ id }) => isOpen(state.steps.get(id)));
    if (halt.aborted && cancelled() && (left.length > 0 || failed !== undefined || wasCut(failures)))
      return { ...this.#facts(), status: 'cancelled', failures };
    if (failed !== undefined) {
      const because = `step ${failed.id} failed`;
      await this.#skip(left.map((step) => ({ step, because })));
      if (options.onFailure !== 'roll-back' || halt.aborted)
        return { ...this.#facts(), status: 'failed', failures };
      await this.#memory.record({ type: 'rollback-started', because });
      return this.#rollBack();
    }
    if (left.length > 0) {
      const { start, at } = movesOf(state, new Set(), { begin: true });
      const where = halt.aborted ? [...start, ...at] : at;
      return { ...this.#facts(), status: 'paused', at: where.map(({ id }) => id) };
    }
    const facts = this.#facts();
    const { succeeded, skipped } = facts.counts;
    if (failures.length + skipped === 0) return { ...facts, status: 'succeeded' };
    return { ...facts, status: succeeded > 0 ? 'partially-succeeded' : 'failed', failures };
  }

  async #rollBack(): Promise<Outcome> {
    const { halt, cancelled } = this.#ports;
    for (const step of toUndo(this.#state)) {
      if (halt.aborted) {
        const facts = this.#facts();
        return cancelled()
          ? { ...facts, status: 'cancelled', failures: failuresOf(this.#state) }
          : { ...facts, status: 'paused', at: [step.id] };
      }
      const end = await this.#undo(step);
      if (end === 'stuck') return { ...this.#facts(), status: 'failed', failures: failuresOf(this.#state) };
    }
    return { ...this.#facts(), status: 'rolled-back', failures: failuresOf(this.#state) };
  }

  async #undo(step: Step): Promise<'undone' | 'stuck'> {
    const implementation = this.#implementationOf(step);
    const written = implementation.handlers.compensate !== undefined;
    if (step.rollback === 'none' || (step.rollback === 'restore' && !written)) {
      const failure = noWayBack(step);
      await this.#memory.record({ type: 'compensation-failed', step: step.id, failure });
      return 'stuck';
    }
    const end = await undoStep(step, implementation, this.#memoryOf(step), this.#portsOf(step));
    return end.state === 'compensated' ? 'undone' : 'stuck';
  }

  #facts(): OutcomeFacts {
    return factsOf(this.#state, new Date(this.#ports.clock.now()).toISOString());
  }

  #implementationOf(step: Step): NonNullable<ReturnType<ImplementationsByAction['get']>> {
    const implementation = this.#implementations.get(step.action);
    if (implementation === undefined)
      throw new PlanError(`nothing implements ${step.action}`, { field: `steps.${step.id}` });
    return implementation;
  }

  #memoryOf(step: Step): StepMemory {
    const memory = this.#state.steps.get(step.id);
    if (memory === undefined)
      throw new PlanError(`there is no step ${step.id}`, { field: `steps.${step.id}` });
    return memory;
  }

  #portsOf(step: Step): StepPorts {
    const { clock, abort, emit } = this.#ports;
    return {
      run: this.#state.run,
      token: this.#memory.token,
      clock,
      signal: abort.signal,
      record: (event) => this.#memory.record(event),
      outputOf: (action, earlier) => stepOutput(this.#state, action, earlier, step.id),
      progress: (message, facts) => emit('progress', { step: step.id, message, facts }),
    };
  }
}

const isOpen = (memory: StepMemory | undefined): boolean =>
  memory?.state === 'pending' || memory?.state === 'running';

/** Was one of them not a failure, but told to stop? */
const wasCut = (failures: readonly StepFailure[]): boolean =>
  failures.some(({ code }) => code === 'cancelled');

const noWayBack = ({ id, rollback }: Step): StepFailure => ({
  step: id,
  phase: 'compensation',
  code: 'no-way-back',
  message:
    rollback === 'none'
      ? `step ${id} has acted, and there is no way back from it: what came before it stays as well`
      : `step ${id} has acted, and only a restore from a backup brings back what was before`,
  remedy: 'Look at what is, and plan from there.',
  requestIds: [],
});
