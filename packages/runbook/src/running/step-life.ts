import type { Action, StepHandlers, Implementation, StepContext } from '../plan/action.ts';
import type { Clock } from '@groundcrew/ground';
import { failureOf, failureOfRefusal } from './failure.ts';
import type { JournalEvent } from '../journal/journal.ts';
import type { Json } from '../json.ts';
import type { StepFailure } from './outcome.ts';
import type { Step } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusal.ts';
import type { StepMemory } from '../journal/run-state.ts';
import { inputFor, outputFrom } from '../plan/step-data.ts';
import { within } from './time-limit.ts';

/**
 * The functions that an engine gives to the life of a step. Nothing here depends on how, where or by whom it is
 * scheduled.
 */
export interface StepPorts {
  readonly run: string;
  /** Fencing token of who runs it. */
  readonly token: number;
  readonly clock: Clock;
  /** Aborts what is going on: the second stage of a cancel, the loss of the lease. */
  readonly signal: AbortSignal;
  /** Durable when it resolves. What it rejects with ends the life of the step at once, and comes out as it is. */
  record(event: JournalEvent): Promise<void>;
  /** The output of an earlier step. Throws the error that the implementation is to see. */
  outputOf(action: Action, step: string): Json;
  progress(message: string, facts: { readonly [key: string]: Json } | undefined): void;
}

export type StepEnd =
  | { readonly state: 'succeeded' | 'compensated' }
  | { readonly state: 'failed' | 'compensation-failed'; readonly failure: StepFailure };

/** The key of a step and the run that it is in; the same on every attempt. */
const keyOf = (step: Step, run: string): string => step.key ?? `${run}/${step.id}`;

/**
 * One step, from wherever its journal left it to its end.
 *
 * - Never started: precondition, `step-started`, perform, `step-acted`, verify, `step-succeeded`.
 * - Acted, not verified: verify. If verification had failed before and fails again, look and act again.
 * - Started, and nobody knows: ask `done`; only if the effect is not there, as if never started, with the same key.
 *
 * Every "no" and every error of the implementation is the step's failure, and journalled; it rejects only with what
 * `record` rejected with.
 */
export async function executeStep(
  step: Step,
  implementation: Implementation,
  memory: StepMemory,
  ports: StepPorts,
): Promise<StepEnd> {
  const phases = new StepPhases(step, implementation, memory.attempts + 1, ports);
  const ended = async (failure: StepFailure | undefined): Promise<StepEnd> => {
    if (failure === undefined) {
      await ports.record({ type: 'step-succeeded', step: step.id });
      return { state: 'succeeded' };
    }
    await ports.record({ type: 'step-failed', step: step.id, failure });
    return { state: 'failed', failure };
  };

  if (memory.acted) {
    const failure = await phases.verify(memory.output ?? null);
    // After a crash this was the first look: its "no" is the step's. Else somebody asked for another try.
    if (failure === undefined || memory.state === 'running') return ended(failure);
  }
  const found = memory.mayHaveActed ? await phases.lookFor() : NOT_FOUND;
  if ('failure' in found) return ended(found.failure);
  let { output } = found;
  if (output === undefined) {
    const no = await phases.mayAct();
    if (no !== undefined) return ended(no.failure);
    const { attempt, key } = phases.context;
    await ports.record({ type: 'step-started', step: step.id, attempt, key });
    const made = await phases.perform();
    if ('failure' in made) return ended(made.failure);
    output = made.output;
  }
  await ports.record({
    type: 'step-acted',
    step: step.id,
    output,
    found: found.output !== undefined,
  });
  return ended(await phases.verify(output));
}

/** Undoes one step that acted, or may have. Rejects only with what `record` rejected with. */
export async function undoStep(
  step: Step,
  implementation: Implementation,
  memory: StepMemory,
  ports: StepPorts,
): Promise<StepEnd> {
  await ports.record({ type: 'compensation-started', step: step.id });
  const phases = new StepPhases(step, implementation, memory.attempts, ports);
  const failure = await phases.compensate(memory.acted ? (memory.output ?? null) : undefined);
  if (failure === undefined) {
    await ports.record({ type: 'step-compensated', step: step.id });
    return { state: 'compensated' };
  }
  await ports.record({ type: 'compensation-failed', step: step.id, failure });
  return { state: 'compensation-failed', failure };
}

/** Asks whether the precondition of a step would let it act, as a rehearsal does; records nothing. */
export const askStep = (
  step: Step,
  implementation: Implementation,
  ports: StepPorts,
): Promise<No | undefined> => new StepPhases(step, implementation, 1, ports).mayAct();

/** A negative answer, with its reason: the implementation said so, or it could not be asked. */
export interface No {
  readonly refused: boolean;
  readonly failure: StepFailure;
}

type Looked = { readonly output: Json | undefined } | { readonly failure: StepFailure };
type Made = { readonly output: Json } | { readonly failure: StepFailure };

const NOT_FOUND: Looked = { output: undefined };

/** The handlers of one step, each with its time limit, its errors turned into failures. */
class StepPhases {
  readonly context: Omit<StepContext, 'signal'>;
  readonly #step: Step;
  readonly #implementation: Implementation;
  readonly #handlers: StepHandlers<unknown, unknown>;
  readonly #ports: StepPorts;

  constructor(step: Step, implementation: Implementation, attempt: number, ports: StepPorts) {
    this.#step = step;
    this.#implementation = implementation;
    // Written for the action's own types, which inputFor and outputFrom check at run time.
    this.#handlers = implementation.handlers;
    this.#ports = ports;
    this.context = {
      run: ports.run,
      step: step.id,
      key: keyOf(step, ports.run),
      attempt,
      clock: ports.clock,
      token: ports.token,
      outputOf: (action, earlier) => ports.outputOf(action, earlier) as never,
      progress: (message, facts) => ports.progress(message, facts),
    };
  }

  async lookFor(): Promise<Looked> {
    if (this.#handlers.done === undefined) return NOT_FOUND;
    return this.#tried('action', 'search for the effect', async (input, context) => {
      const found = await this.#handlers.done?.(input, context);
      return { output: found === undefined ? undefined : outputFrom(this.#implementation, found) };
    });
  }

  mayAct(): Promise<No | undefined> {
    return this.#asked('precondition', async (input, context) =>
      this.#handlers.precondition?.(input, context),
    );
  }

  perform(): Promise<Made> {
    return this.#tried('action', 'action', async (input, context) => ({
      output: outputFrom(this.#implementation, await this.#handlers.perform(input, context)),
    }));
  }

  async verify(output: Json): Promise<StepFailure | undefined> {
    const no = await this.#asked('verification', async (input, context) =>
      this.#handlers.verify?.(input, output, context),
    );
    return no?.failure;
  }

  async compensate(output: Json | undefined): Promise<StepFailure | undefined> {
    const no = await this.#asked('compensation', async (input, context) => {
      if (this.#handlers.compensate === undefined)
        return {
          code: 'no-compensation',
          reason: `nobody has written how to undo ${this.#step.action}`,
          remedy: 'Undo it by hand.',
        };
      await this.#handlers.compensate(input, output, context);
      return undefined;
    });
    return no?.failure;
  }

  async #asked(
    phase: StepFailure['phase'],
    ask: (input: unknown, context: StepContext) => Promise<Refusal | undefined>,
  ): Promise<No | undefined> {
    const answer = await this.#tried(phase, phase, async (input, context) => ({
      // Not every caller is compiled: null is no objection either.
      refusal: (await ask(input, context)) ?? undefined,
    }));
    if ('failure' in answer) return { refused: false, failure: answer.failure };
    const { refusal } = answer;
    if (refusal === undefined) return undefined;
    return { refused: true, failure: failureOfRefusal(refusal, this.#step.id, phase) };
  }

  async #tried<T extends object>(
    phase: StepFailure['phase'],
    what: string,
    work: (input: unknown, context: StepContext) => Promise<T>,
  ): Promise<T | { readonly failure: StepFailure }> {
    const { id, timeout, input } = this.#step;
    const { clock, signal } = this.#ports;
    try {
      const given = inputFor(this.#implementation, input);
      return await within({ clock, limit: timeout, signal, what: `${what} of ${id}` }, (limited) =>
        work(given, { ...this.context, signal: limited }),
      );
    } catch (error) {
      return { failure: failureOf(error, id, phase) };
    }
  }
}
