import { milliseconds } from '@groundcrew/ground';
import { randomUUID } from 'node:crypto';
import { systemClock } from '@groundcrew/core';
import {
  type Execution,
  isUnfinished,
  type Journal,
  type Outcome,
  type Plan,
  run,
  type LeadershipTerm,
} from '@groundcrew/runbook';
import type { EventEmitter } from 'eventemitter3';
import type { ResponseControllerEvents } from './controller-events.ts';
import { type ControllerMemory, deedsOf, readMemory, withLeft, withoutRunning } from './controller-memory.ts';
import type { ResponseControllerOptions } from './controller-options.ts';
import type { DueResponse } from './decide.ts';
import { responseImplementations, revisionsIn } from './implementations.ts';
import { responseEvents } from './response-events.ts';

/** The runs of a controller, and what it remembers of them: begun, gone on with after a crash, accounted for. */
export class Runs {
  readonly #options: ResponseControllerOptions;
  readonly #events: EventEmitter<ResponseControllerEvents>;
  readonly #succeeded: () => void;
  readonly #running = new Map<string, Execution>();
  readonly #ends = new Set<Promise<void>>();
  #memory = readMemory(undefined);
  #saved: Promise<void> = Promise.resolve();
  #turn: LeadershipTerm | undefined;

  constructor(
    options: ResponseControllerOptions,
    events: EventEmitter<ResponseControllerEvents>,
    succeeded: () => void,
  ) {
    this.#options = options;
    this.#events = events;
    this.#succeeded = succeeded;
  }

  get memory(): ControllerMemory {
    return this.#memory;
  }

  /** Whatever is remembered, and may be remembered from now on, is that of this turn. */
  async load(turn: LeadershipTerm): Promise<void> {
    this.#turn = turn;
    this.#memory = readMemory(await this.#options.state.load());
  }

  /** One after the other; what was not written is not remembered. */
  async remember(next: (memory: ControllerMemory) => ControllerMemory): Promise<void> {
    const saved = this.#save(next, this.#saved);
    this.#saved = saved;
    await saved;
  }

  async #save(next: (memory: ControllerMemory) => ControllerMemory, before: Promise<void>): Promise<void> {
    await before.catch(() => undefined);
    const memory = next(this.#memory);
    if (memory === this.#memory || this.#isLost()) return;
    await this.#options.state.save(memory, this.#turn?.token);
    this.#memory = memory;
  }

  /** @param plan that very one which somebody approved */
  async begin(plan: Plan, due: readonly DueResponse[], by: string, signal: AbortSignal): Promise<void> {
    const time = new Date(this.#now()).toISOString().replaceAll(/[:.-]/g, '');
    const journal = `responses-${time}-${randomUUID().slice(0, 8)}`;
    // Remembered first: whoever finds the journal missing knows that nothing was touched.
    await this.remember((memory) => ({
      ...memory,
      running: [...memory.running, { journal, by, deeds: deedsOf(due) }],
    }));
    // Writing may have taken long: it is not to begin what another one may have begun meanwhile.
    if (!signal.aborted && !this.#isLost()) this.#launch(plan, journal, by);
  }

  /** What was running when the last one died, or could not be accounted for. */
  async resume(signal: AbortSignal): Promise<void> {
    for (const { journal, by } of this.#memory.running) {
      if (this.#running.has(journal)) continue;
      try {
        const [first] = await this.#options.journal(journal).read();
        if (signal.aborted) return;
        // A run that began had the approved digest.
        if (first?.event.type === 'run-started') this.#launch(first.event.plan, journal, by);
        // It died before its journal began: nothing was touched.
        else await this.remember((memory) => withoutRunning(memory, journal));
      } catch (error) {
        // One journal that cannot be read keeps its things from being touched, and no other ones.
        this.#events.emit('trouble', { error });
      }
    }
  }

  /** No new step; resolves when what is running has ended: at once, if another one may be leading. */
  async stop(): Promise<void> {
    for (const execution of this.#running.values()) {
      execution.pause();
      if (!this.#isLost()) continue;
      execution.cancel();
      execution.cancel();
    }
    await Promise.all(this.#ends);
  }

  #launch(plan: Plan, journal: string, by: string): void {
    const { cloud, channels, notices, clock = systemClock } = this.#options;
    const kept = this.#options.journal(journal);
    const execution = run(plan, {
      approved: plan.digest,
      implementations: responseImplementations({ cloud, channels, notices }),
      revisionOf: revisionsIn(cloud),
      journal: kept,
      by,
      clock,
    });
    this.#running.set(journal, execution);
    this.#events.emit('started', { plan, journal, by });
    execution.events.on('record', (record) => this.#events.emit('record', { journal, record }));
    const end = this.#end(plan, journal, execution, kept).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }

  async #end(plan: Plan, journal: string, execution: Execution, kept: Journal): Promise<void> {
    const outcome = await execution.outcome;
    try {
      if (!isUnfinished(outcome)) {
        await this.#options.trail?.append(responseEvents(await kept.read()));
        await this.remember((memory) => this.#afterwards(memory, journal, outcome));
      }
    } catch (error) {
      // It stays remembered as running: the next round reads how it ended, and accounts for it again.
      this.#events.emit('trouble', { error });
    }
    this.#running.delete(journal);
    this.#events.emit('ended', { plan, journal, outcome });
    if (outcome.status === 'succeeded') this.#succeeded();
  }

  #afterwards(memory: ControllerMemory, journal: string, { status }: Outcome): ControllerMemory {
    const deeds = memory.running.find((running) => running.journal === journal)?.deeds ?? [];
    const rest = withoutRunning(memory, journal);
    const at = this.#now();
    const { retry = '15m' } = this.#options;
    // What it was refused for is planned anew.
    if (status === 'refused') return rest;
    if (status !== 'succeeded')
      return withLeft(rest, deeds, { why: 'failed', at, until: at + milliseconds(retry) });
    // Who was told is in the notices.
    const done = deeds.filter((deed) => deed.do !== 'notify');
    return withLeft(rest, done, { why: 'done', at });
  }

  /** May another one be leading? */
  #isLost(): boolean {
    return this.#turn?.lost.aborted === true;
  }

  #now(): number {
    return this.#options.cloud.clock.now();
  }
}
