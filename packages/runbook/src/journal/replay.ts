import { JournalCourse } from './journal-course.ts';
import { JournalCorruptError } from './journal-errors.ts';
import { checkedPlan, checkedRecord } from './journal-schema.ts';
import type { JournalEvent, JournalRecord } from './journal.ts';
import type { Outcome } from '../running/outcome.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunState, StepMemory } from './run-state.ts';

const UNTOUCHED: StepMemory = {
  state: 'pending',
  attempts: 0,
  mayHaveActed: false,
  output: undefined,
  acted: false,
  failure: undefined,
  undoFailure: undefined,
  actedAt: 0,
};

/**
 * Computes the state of a run from its journal; `undefined` for an empty one. Pure: the same records, the same state,
 * wherever and by whichever engine they were written.
 *
 * A resume after a crash changes nothing: what had failed has failed. A resume of a run that ended `failed` or
 * `cancelled` makes its failed and skipped steps pending again, since somebody asked for another try.
 *
 * Nothing that a journal says of itself is taken on trust: the plan's digest is computed, each record is of a form that
 * this release writes, follows from those before it, and its time and token never fall.
 *
 * @throws JournalCorruptError on records that no run writes, naming the record and its field
 */
export function replay(records: readonly JournalRecord[]): RunState | undefined {
  return replayed(records);
}

/** Computes the state as `replay` does, for a run that goes on with it. */
export function replayed(records: readonly JournalRecord[]): GrowingState | undefined {
  const [begin] = records;
  if (begin === undefined) return undefined;
  const first = checkedRecord(begin, 1);
  if (first.sequence !== 1)
    throw new JournalCorruptError(`record 1: sequence: is ${first.sequence} where 1 was due`, {
      line: 1,
      field: 'sequence',
    });
  const state = startOf(first);
  const course = new JournalCourse(state, first);
  for (let at = 1; at < records.length; at += 1) {
    const record = checkedRecord(records[at], at + 1);
    course.check(record);
    state.apply(record);
  }
  return state;
}

/** The state of a run that goes on: `apply` is the only thing that changes it. */
export interface GrowingState extends RunState {
  /** @throws JournalCorruptError */
  apply(record: JournalRecord): void;
}

/** The state after the first record, which must be `run-started`. @throws JournalCorruptError */
export function startOf({ event, at, sequence }: JournalRecord): GrowingState {
  if (event.type !== 'run-started')
    throw new JournalCorruptError(`record ${sequence}: event.type: the journal begins with ${event.type}`, {
      line: sequence,
      field: 'event.type',
    });
  return new State(event.run, checkedPlan(event.plan, sequence), at, sequence);
}

/** The state of a run before its first record. */
export const unbegun = (plan: Plan, run: string): RunState => new State(run, plan, '', 0);

class State implements GrowingState {
  readonly run: string;
  readonly plan: Plan;
  readonly startedAt: string;
  readonly steps: Map<string, StepMemory>;
  readonly openGates = new Set<string>();
  rollingBack = false;
  outcome: Outcome | undefined;
  sequence: number;

  constructor(run: string, plan: Plan, startedAt: string, sequence: number) {
    this.run = run;
    this.plan = plan;
    this.startedAt = startedAt;
    this.sequence = sequence;
    this.steps = new Map(plan.steps.map(({ id }) => [id, UNTOUCHED]));
  }

  apply(record: JournalRecord): void {
    const { event, sequence } = record;
    this.sequence = sequence;
    switch (event.type) {
      case 'run-started':
        throw new JournalCorruptError('the journal holds two runs', { line: sequence });
      case 'run-resumed':
        this.#resume();
        return;
      case 'gate-opened':
        this.openGates.add(event.gate);
        return;
      case 'rollback-started':
        this.rollingBack = true;
        return;
      case 'run-ended':
        this.outcome = event.outcome;
        return;
      case 'step-started':
      case 'step-acted':
      case 'step-succeeded':
      case 'step-failed':
      case 'step-skipped':
      case 'compensation-started':
      case 'step-compensated':
      case 'compensation-failed': {
        const before = this.steps.get(event.step);
        if (before === undefined)
          throw new JournalCorruptError(`${event.type} of ${event.step}, which is not in the plan`, {
            line: sequence,
          });
        this.steps.set(event.step, { ...before, ...changeBy(event, sequence) });
        return;
      }
      default:
        // Of a newer release: what it means cannot be guessed, and going on as if nothing had happened is a guess.
        throw new JournalCorruptError(`${(event as JournalEvent).type} is not known to this release`, {
          line: sequence,
        });
    }
  }

  #resume(): void {
    const again = this.outcome?.status === 'failed' || this.outcome?.status === 'cancelled';
    this.outcome = undefined;
    if (!again || this.rollingBack) return;
    for (const [id, step] of this.steps)
      if (step.state === 'failed' || step.state === 'skipped')
        this.steps.set(id, { ...step, state: 'pending', failure: undefined });
  }
}

type StepEvent = Extract<JournalEvent, { readonly step: string }>;

function changeBy(event: StepEvent, sequence: number): Partial<StepMemory> {
  switch (event.type) {
    case 'step-started':
      return {
        state: 'running',
        attempts: event.attempt,
        mayHaveActed: true,
        acted: false,
        output: undefined,
        failure: undefined,
        actedAt: sequence,
      };
    case 'step-acted':
      return { state: 'running', acted: true, output: event.output, actedAt: sequence };
    case 'step-succeeded':
      return { state: 'succeeded', failure: undefined };
    case 'step-failed':
      return { state: 'failed', failure: event.failure };
    case 'step-skipped':
      return { state: 'skipped' };
    // Half undone: until its end is known it is what it was, and its compensation is called again.
    case 'compensation-started':
      return { undoFailure: undefined };
    case 'step-compensated':
      return { state: 'compensated', mayHaveActed: false, acted: false };
    case 'compensation-failed':
      return { state: 'compensation-failed', undoFailure: event.failure };
  }
}
