import {
  type Execution,
  isUnfinished,
  type Outcome,
  type Plan,
  run,
  type LeadershipTerm,
  readInput,
} from '@groundcrew/runbook';
import { systemClock } from '@groundcrew/core';
import type { EventEmitter } from 'eventemitter3';
import { evacuateServer } from './actions.ts';
import type { ControllerEvents, Purpose } from './controller-events.ts';
import type { ControllerOptions } from './controller-options.ts';
import { emptyHistory, type HaHistory, type PastRecovery } from './history.ts';
import { withRecovery, withRecoveryEnded } from './next-history.ts';
import { readHistory } from './read-history.ts';
import { recoveryImplementations } from './recovery-implementations.ts';
import { returnImplementations } from './return-implementations.ts';

/** The runs of a controller, and what it remembers of them: begun, gone on with after a crash, accounted for. */
export class Runs {
  readonly #options: ControllerOptions;
  readonly #events: EventEmitter<ControllerEvents>;
  /** By the host that they recover or bring back; the servers that leave it. */
  readonly #running = new Map<string, { readonly execution: Execution; readonly moves: readonly string[] }>();
  readonly #ends = new Set<Promise<void>>();
  #history: HaHistory = emptyHistory;
  #saved: Promise<void> = Promise.resolve();
  #turn: LeadershipTerm | undefined;

  constructor(options: ControllerOptions, events: EventEmitter<ControllerEvents>) {
    this.#options = options;
    this.#events = events;
  }

  get history(): HaHistory {
    return this.#history;
  }

  isRunning(host: string): boolean {
    return this.#running.has(host);
  }

  /** Servers that are on the way. */
  moving(): string[] {
    return [...this.#running.values()].flatMap(({ moves }) => moves);
  }

  /** Whatever is remembered, and may be remembered from now on, is that of this turn. */
  async load(turn: LeadershipTerm): Promise<void> {
    this.#turn = turn;
    this.#history = readHistory(await this.#options.state.load());
  }

  async remember(history: HaHistory): Promise<void> {
    // Another one leads, and has read its journal to the end.
    if (this.#isLost()) return;
    this.#history = history;
    // One after the other, and the newest wins.
    this.#saved = this.#saved
      .catch(() => undefined)
      .then(() => this.#options.state.save(this.#history, this.#turn?.token));
    await this.#saved;
  }

  async begin(host: string, purpose: Purpose, plan: Plan, signal: AbortSignal): Promise<void> {
    const journal = `${plan.id}-${new Date(this.#now()).toISOString().replaceAll(/[:.]/g, '')}`;
    // Remembered first: whoever finds the journal missing knows that nothing was touched.
    if (purpose === 'recover') await this.remember(withRecovery(this.#history, host, this.#now(), journal));
    // Writing may have taken long: it is not to begin what another one may have begun meanwhile.
    if (!signal.aborted && !this.#isLost()) this.#launch(host, purpose, plan, journal);
  }

  /** What was running when the last one died, or was cut off: by a full disk, by a lease that was lost. */
  async resume(signal: AbortSignal): Promise<void> {
    for (const { host, state, journal } of this.#history.recoveries) {
      if (state !== 'running' || journal === undefined || this.#running.has(host)) continue;
      try {
        const [first] = await this.#options.journal(journal).read();
        if (signal.aborted) return;
        if (first?.event.type === 'run-started') this.#launch(host, 'recover', first.event.plan, journal);
        // It died before its journal began: nothing was touched, and the next round decides anew.
        else await this.remember(withRecoveryEnded(this.#history, host, 'undone', this.#now()));
      } catch (error) {
        // One journal that cannot be read keeps its host from being touched, and no other one.
        this.#events.emit('trouble', { error });
      }
    }
  }

  /** No new step; resolves when what is running has ended: at once, if another one may be leading. */
  async stop(): Promise<void> {
    for (const { execution } of this.#running.values()) {
      execution.pause();
      if (!this.#isLost()) continue;
      execution.cancel();
      execution.cancel();
    }
    await Promise.all(this.#ends);
  }

  #launch(host: string, purpose: Purpose, plan: Plan, journal: string): void {
    const { cloud, fencer, holder = 'ha-controller', clock = systemClock } = this.#options;
    const implementations =
      purpose === 'recover'
        ? recoveryImplementations({ cloud, fencer })
        : returnImplementations({ cloud, fencer });
    const execution = run(plan, {
      approved: plan.digest,
      implementations,
      journal: this.#options.journal(journal),
      by: holder,
      onFailure: 'roll-back',
      clock,
    });
    this.#running.set(host, { execution, moves: movedBy(plan) });
    this.#events.emit('started', { host, purpose, plan, journal });
    execution.events.on('record', (record) => this.#events.emit('record', { host, purpose, record }));
    const end = this.#end(host, purpose, execution).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }

  async #end(host: string, purpose: Purpose, execution: Execution): Promise<void> {
    const outcome = await execution.outcome;
    this.#running.delete(host);
    const state = endedAs(purpose, outcome);
    try {
      if (state !== undefined)
        await this.remember(withRecoveryEnded(this.#history, host, state, this.#now()));
    } catch (error) {
      this.#events.emit('trouble', { error });
    }
    this.#events.emit('ended', { host, purpose, outcome });
  }

  /** May another one be leading? */
  #isLost(): boolean {
    return this.#turn?.lost.aborted === true;
  }

  #now(): number {
    return this.#options.cloud.clock.now();
  }
}

const movedBy = ({ steps }: Plan): string[] =>
  steps
    .filter(({ action }) => action === evacuateServer.name)
    .map(({ input }) => readInput(evacuateServer, input).server);

/** What the history says of a run that ended so; `undefined`: as before, it is to go on. */
function endedAs(purpose: Purpose, outcome: Outcome): Exclude<PastRecovery['state'], 'running'> | undefined {
  const { status } = outcome;
  // Refused since somebody else runs it: that nothing was touched is true of this attempt alone.
  if (isUnfinished(outcome) && purpose === 'recover') return undefined;
  const over = status === 'succeeded' || status === 'partially-succeeded';
  const undone = status === 'rolled-back' || status === 'refused';
  // A host that did not come back is left alone: turning it on again and again helps nobody.
  if (purpose === 'return') return over ? 'returned' : undone || status === 'failed' ? 'failed' : undefined;
  if (over) return 'recovered';
  if (undone) return 'undone';
  // Neither ended nor undone: the host may be off with its servers on it, so that it is taken up again.
  return status === 'failed' ? 'half-done' : undefined;
}
