import { isDeepStrictEqual } from 'node:util';
import { JournalCorruptError } from './journal-errors.ts';
import type { JournalEvent, JournalRecord } from './journal.ts';
import type { Outcome } from '../running/outcome.ts';
import { factsOf, failuresOf } from '../running/outcome-of.ts';
import type { Gate, Step } from '../plan/plan.ts';
import type { RunState, StepMemory } from './run-state.ts';
import { isLost, isOver, blockingFailure, toUndo } from '../running/schedule.ts';

type StepEvent = Extract<JournalEvent, { readonly step: string }>;

/**
 * Checks whether each record may follow those before it: whether a run of this plan could have written it. It finds
 * records that were lost, doubled, moved, taken from another run, or forged, before anything acts on what they
 * say.
 *
 * It is no seal. Whoever can write to a journal can write a history that this plan could have had.
 */
export class JournalCourse {
  readonly #state: RunState;
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #gates: ReadonlyMap<string, readonly Gate[]>;
  /** Steps whose compensation has begun. */
  readonly #undoing = new Set<string>();
  #last: JournalRecord;

  /** @param state after the first record */
  constructor(state: RunState, first: JournalRecord) {
    this.#state = state;
    this.#last = first;
    this.#steps = new Map(state.plan.steps.map((step) => [step.id, step]));
    const gates = new Map<string, Gate[]>();
    for (const gate of state.plan.gates)
      for (const id of gate.before) gates.set(id, [...(gates.get(id) ?? []), gate]);
    this.#gates = gates;
  }

  /** @throws JournalCorruptError */
  check(record: JournalRecord): void {
    const { sequence, token, at } = record;
    const due = this.#last.sequence + 1;
    const wrong = (field: string, message: string): JournalCorruptError =>
      new JournalCorruptError(`record ${due}: ${field}: ${message}`, { line: due, field });
    if (sequence !== due) throw wrong('sequence', `is ${sequence} where ${due} was due`);
    if (token < this.#last.token)
      throw wrong('token', `is ${token} after ${this.#last.token}, and a token never falls`);
    if (Date.parse(at) < Date.parse(this.#last.at))
      throw wrong('at', `is ${at}, before the record before it, ${this.#last.at}`);
    const no = this.#wrongOf(record.event);
    if (no !== undefined) throw wrong(`event.${no.field}`, no.message);
    this.#last = record;
  }

  #wrongOf(event: JournalEvent): Wrong | undefined {
    const { outcome, plan, openGates, rollingBack } = this.#state;
    if (outcome !== undefined && event.type !== 'run-resumed')
      return { field: 'type', message: `${event.type} after the run had ended` };
    switch (event.type) {
      case 'run-started':
        return { field: 'type', message: 'the journal holds two runs' };
      case 'run-resumed':
        return outcome !== undefined && FINAL.has(outcome.status)
          ? { field: 'type', message: `a run that was ${outcome.status} is over` }
          : undefined;
      case 'gate-opened':
        if (!plan.gates.some(({ id }) => id === event.gate))
          return { field: 'gate', message: `${event.gate} is not in the plan` };
        return openGates.has(event.gate)
          ? { field: 'gate', message: `${event.gate} is open already` }
          : undefined;
      case 'rollback-started':
        return rollingBack ? { field: 'type', message: 'it goes back already' } : undefined;
      case 'run-ended':
        return this.#wrongOfEnd(event.outcome);
      default:
        return this.#wrongOfStep(event);
    }
  }

  #wrongOfStep(event: StepEvent): Wrong | undefined {
    const step = this.#steps.get(event.step);
    const memory = this.#state.steps.get(event.step);
    if (step === undefined || memory === undefined)
      return { field: 'step', message: `${event.step} is not in the plan` };
    if (!this.#mayBe(event, memory))
      return { field: 'type', message: `${event.type} of ${event.step}, which is ${memory.state}` };
    if (event.type === 'step-started') return this.#wrongOfStart(event, step, memory);
    if ('failure' in event && event.failure.step !== event.step)
      return { field: 'failure.step', message: `is ${event.failure.step}, of step ${event.step}` };
    if (event.type === 'compensation-started') this.#undoing.add(event.step);
    return undefined;
  }

  #mayBe(event: StepEvent, { state, acted, mayHaveActed }: StepMemory): boolean {
    const { rollingBack } = this.#state;
    const alive = !rollingBack && (state === 'pending' || state === 'running');
    switch (event.type) {
      case 'step-started':
      case 'step-failed':
      case 'step-skipped':
        return alive;
      case 'step-acted':
        return alive && (event.found ? mayHaveActed : state === 'running' && !acted);
      case 'step-succeeded':
        return alive && acted;
      case 'compensation-started':
      case 'compensation-failed':
        return rollingBack && mayHaveActed;
      case 'step-compensated':
        return rollingBack && mayHaveActed && this.#undoing.has(event.step);
    }
  }

  #wrongOfStart(
    { attempt, key }: Extract<JournalEvent, { readonly type: 'step-started' }>,
    step: Step,
    { attempts }: StepMemory,
  ): Wrong | undefined {
    const { run, steps, openGates } = this.#state;
    if (attempt !== attempts + 1)
      return { field: 'attempt', message: `is ${attempt}, where ${attempts + 1} was due` };
    const own = step.key ?? `${run}/${step.id}`;
    if (key !== own) return { field: 'key', message: `is ${key}, and that of step ${step.id} is ${own}` };
    const needed = step.needs.find((id) => steps.get(id)?.state !== 'succeeded');
    if (needed !== undefined)
      return { field: 'step', message: `${step.id} began before ${needed}, which it needs, had succeeded` };
    // One that is tried again may have begun before what it comes after is tried again.
    const before = attempts > 0 ? undefined : step.after.find((id) => !isOver(steps.get(id)?.state));
    if (before !== undefined)
      return { field: 'step', message: `${step.id} began before ${before}, which it comes after, had ended` };
    const closed = this.#gates.get(step.id)?.find(({ id }) => !openGates.has(id));
    return closed === undefined
      ? undefined
      : { field: 'step', message: `${step.id} began before gate ${closed.id} was open` };
  }

  #wrongOfEnd(outcome: Outcome): Wrong | undefined {
    const facts = factsOf(this.#state, outcome.endedAt);
    for (const name of ['run', 'plan', 'digest', 'startedAt', 'counts'] as const)
      if (!isDeepStrictEqual(outcome[name], facts[name]))
        return {
          field: `outcome.${name}`,
          message: `is ${JSON.stringify(outcome[name])}, and by the records before it ${JSON.stringify(facts[name])}`,
        };
    const failures = 'failures' in outcome ? outcome.failures : [];
    if ('failures' in outcome && !isDeepStrictEqual(failures, failuresOf(this.#state)))
      return { field: 'outcome.failures', message: 'are not those of the records before it' };
    return isEndOf(this.#state, outcome.status)
      ? undefined
      : { field: 'outcome.status', message: `the steps did not end as of a run that ${outcome.status}` };
  }
}

interface Wrong {
  /** Below the event. */
  readonly field: string;
  readonly message: string;
}

/** Outcomes after which nothing more is done: running again returns them again. */
const FINAL: ReadonlySet<Outcome['status']> = new Set(['succeeded', 'partially-succeeded', 'rolled-back']);

/** Could a run whose steps are like this end so? */
function isEndOf(state: RunState, status: Outcome['status']): boolean {
  const states = [...state.steps.values()].map((entry) => entry.state);
  const over = states.every(isOver);
  const some = states.includes('succeeded');
  switch (status) {
    case 'succeeded':
      return !state.rollingBack && states.every((entry) => entry === 'succeeded');
    case 'partially-succeeded':
      return (
        !state.rollingBack && over && some && states.some(isLost) && blockingFailure(state) === undefined
      );
    case 'failed':
      return state.rollingBack
        ? states.includes('compensation-failed')
        : over && (blockingFailure(state) !== undefined || !some);
    case 'rolled-back':
      return state.rollingBack && toUndo(state).length === 0;
    case 'paused':
    case 'cancelled':
      return true;
    case 'refused':
    case 'interrupted':
      return false;
  }
}
