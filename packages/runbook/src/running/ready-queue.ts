import { PlanError } from '../errors.ts';
import TinyQueue from 'tinyqueue';
import type { StepState } from './outcome.ts';
import type { Gate, Step } from '../plan/plan.ts';
import type { RunState } from '../journal/run-state.ts';
import { isLost, isOver, limitOf, lostFor, type Moves } from './schedule.ts';

/** A step that waits for another one: for its success, or for its end. */
interface Waiter {
  readonly at: number;
  readonly needs: boolean;
}

/**
 * The moves that `movesOf` finds by looking at all steps, kept up to date as steps end: a step is looked at when
 * something that it waits for has ended, so that a plan of 100,000 costs what its relations cost. Steps are handled in
 * the order of the plan, which satisfies their dependencies.
 */
export class ReadyQueue {
  readonly #state: RunState;
  readonly #steps: readonly Step[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #waiters: readonly (readonly Waiter[])[];
  /** The number of ends that each step still waits for. */
  readonly #open: number[];
  /** The closed gates before each step. */
  readonly #gates = new Map<number, Set<Gate>>();
  /** Steps that wait for nothing but a gate. */
  readonly #standing = new Map<Gate, Set<number>>();
  readonly #died = inPlanOrder();
  readonly #ready = inPlanOrder();
  /** Ready, but their group is full. */
  readonly #parked = new Map<string, TinyQueue<number>>();
  readonly #lost = inPlanOrder();
  readonly #skipped = new Set<number>();
  readonly #inGroup = new Map<string, number>();
  #taken = 0;
  #isStopped = false;

  constructor(state: RunState) {
    const { steps, gates } = state.plan;
    this.#state = state;
    this.#steps = steps;
    this.#places = new Map(steps.map(({ id }, at) => [id, at]));
    this.#waiters = this.#relations();
    this.#open = steps.map((step) => this.#openOf(step));
    for (const gate of gates) if (!state.openGates.has(gate.id)) this.#close(gate);
    for (const [at, step] of steps.entries()) {
      const now = this.#stateOf(step.id);
      if (now === 'running') this.#died.push(at);
      else if (isOver(now)) this.#isStopped ||= stops(step, now);
      else if (step.needs.some((id) => isLost(this.#stateOf(id)))) this.#lose(at);
      else if (this.#open[at] === 0) this.#arrive(at);
    }
  }

  /** A step failed that may not: nothing new begins. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Returns the moves that are due now. Steps to start are counted as running from here on.
   *
   * @param options `begin: false` starts no step that has not been started before
   */
  moves({ begin }: { readonly begin: boolean }): Moves {
    if (begin && this.#lost.length > 0) return { start: [], skip: this.#skip(), at: [] };
    const start = this.#take(this.#died);
    if (!begin) return { start, skip: [], at: [] };
    start.push(...this.#take(this.#ready));
    return { start, skip: [], at: [...this.#standing.keys()] };
  }

  /** A step that was started is not alive any more. */
  ended(id: string): void {
    const at = this.#placeOf(id);
    const { group } = this.#step(at);
    this.#taken -= 1;
    if (group !== undefined) {
      this.#inGroup.set(group, this.#groupOf(group) - 1);
      const next = this.#parked.get(group)?.pop();
      if (next !== undefined) this.#ready.push(next);
    }
    const now = this.#stateOf(id);
    if (now === 'running') this.#died.push(at);
    else if (now === 'pending') this.#arrive(at);
    else this.#settle(at);
  }

  /** Skipped steps are so in the journal. */
  skipped(ids: Iterable<string>): void {
    for (const id of ids) this.#settle(this.#placeOf(id));
  }

  opened(gate: Gate): void {
    const standing = this.#standing.get(gate) ?? new Set();
    this.#standing.delete(gate);
    for (const id of gate.before) {
      const at = this.#placeOf(id);
      const closed = this.#gates.get(at);
      closed?.delete(gate);
      if (closed?.size === 0 && standing.has(at)) this.#ready.push(at);
    }
  }

  #take(queue: TinyQueue<number>): Step[] {
    const { total, groups } = this.#state.plan.concurrency;
    const taken: Step[] = [];
    const passed: number[] = [];
    while (queue.length > 0 && this.#taken < total) {
      const at = queue.pop();
      if (at === undefined) break;
      const step = this.#step(at);
      const { group } = step;
      if (group !== undefined && this.#groupOf(group) >= limitOf(groups, group)) {
        if (queue === this.#died) passed.push(at);
        else this.#park(group, at);
        continue;
      }
      this.#taken += 1;
      if (group !== undefined) this.#inGroup.set(group, this.#groupOf(group) + 1);
      taken.push(step);
    }
    for (const at of passed) queue.push(at);
    return taken;
  }

  #park(group: string, at: number): void {
    const parked = this.#parked.get(group) ?? inPlanOrder();
    this.#parked.set(group, parked);
    parked.push(at);
  }

  /** Skips the steps that cannot be reached any more, and the steps that depend on those. */
  #skip(): Moves['skip'] {
    const skip: { step: Step; because: string }[] = [];
    const stateOf = (id: string): StepState | undefined =>
      this.#skipped.has(this.#placeOf(id)) ? 'skipped' : this.#stateOf(id);
    for (let at = this.#lost.pop(); at !== undefined; at = this.#lost.pop()) {
      const step = this.#step(at);
      skip.push({ step, because: lostFor(step, stateOf) });
      this.#skipped.add(at);
      for (const waiter of this.#waiters[at] ?? []) if (waiter.needs) this.#lose(waiter.at);
    }
    return skip;
  }

  /** Once. */
  #lose(at: number): void {
    if (this.#open[at] === LOST || !this.#isPending(at)) return;
    this.#open[at] = LOST;
    this.#lost.push(at);
  }

  /** Marks a step as ended: each step that waits for it waits for one step less, or in vain. */
  #settle(at: number): void {
    const step = this.#step(at);
    const now = this.#stateOf(step.id);
    this.#isStopped ||= stops(step, now);
    for (const { at: waiter, needs } of this.#waiters[at] ?? []) {
      const open = this.#open[waiter] ?? LOST;
      if (open === LOST) continue;
      if (needs && isLost(now)) {
        this.#lose(waiter);
        continue;
      }
      this.#open[waiter] = open - 1;
      // One that runs again may have begun before what is now tried again.
      if (open === 1 && this.#isPending(waiter)) this.#arrive(waiter);
    }
  }

  /** It waits for no step any more. */
  #arrive(at: number): void {
    const closed = this.#gates.get(at);
    if (closed === undefined || closed.size === 0) {
      this.#ready.push(at);
      return;
    }
    for (const gate of closed) {
      const standing = this.#standing.get(gate);
      if (standing === undefined) this.#standing.set(gate, new Set([at]));
      else standing.add(at);
    }
  }

  #close(gate: Gate): void {
    for (const id of gate.before) {
      const at = this.#placeOf(id);
      const closed = this.#gates.get(at);
      if (closed === undefined) this.#gates.set(at, new Set([gate]));
      else closed.add(gate);
    }
  }

  #relations(): Waiter[][] {
    const waiters = this.#steps.map((): Waiter[] => []);
    for (const [at, { needs, after }] of this.#steps.entries()) {
      for (const id of needs) waiters[this.#placeOf(id)]?.push({ at, needs: true });
      for (const id of after) waiters[this.#placeOf(id)]?.push({ at, needs: false });
    }
    return waiters;
  }

  #openOf({ needs, after }: Step): number {
    const open = needs.filter((id) => this.#stateOf(id) !== 'succeeded').length;
    return open + after.filter((id) => !isOver(this.#stateOf(id))).length;
  }

  #isPending(at: number): boolean {
    return this.#stateOf(this.#step(at).id) === 'pending';
  }

  #stateOf(id: string): StepState | undefined {
    return this.#state.steps.get(id)?.state;
  }

  #placeOf(id: string): number {
    const at = this.#places.get(id);
    if (at === undefined) throw new PlanError(`there is no step ${id}`, { field: 'steps' });
    return at;
  }

  #step(at: number): Step {
    const step = this.#steps[at];
    if (step === undefined) throw new PlanError(`there is no step at ${at}`, { field: `steps.${at}` });
    return step;
  }

  #groupOf(group: string): number {
    return this.#inGroup.get(group) ?? 0;
  }
}

/** Marks a step that waits in vain. */
const LOST = -1;

const stops = ({ onFailure }: Step, state: StepState | undefined): boolean =>
  onFailure === 'stop' && state === 'failed';

const inPlanOrder = (): TinyQueue<number> => new TinyQueue<number>([], (a, b) => a - b);
