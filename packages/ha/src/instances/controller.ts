import { type Clock, type Cloud, systemClock } from '@groundcrew/core';
import {
  type Execution,
  isUnfinished,
  type Journal,
  type Lease,
  LeaseHeldError,
  type Outcome,
  type Plan,
  type Planned,
  run,
  type State,
} from '@groundcrew/runbook';
import { EventEmitter } from 'eventemitter3';
import type { Fencer } from '../fencing/fencer.ts';
import { evacuateServer } from './actions.ts';
import { readCloudView } from './cloud-view.ts';
import { type Approve, Approvals } from './approvals.ts';
import type { ControllerEvents, Purpose } from './controller-events.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Gate } from './gates/gate.ts';
import { emptyHistory, type HaHistory, type PastRecovery } from './history.ts';
import { lookAround } from './look-around.ts';
import { nextHistory, withRecovery, withRecoveryEnded } from './next-history.ts';
import type { Observer } from './observation.ts';
import { planRecovery, planReturn } from './plan-recovery.ts';
import type { HaPolicy } from './policy.ts';
import { readHistory } from './read-history.ts';
import { reconcile } from './reconcile.ts';
import { recoveringActions } from './recovering.ts';
import { returningActions } from './returning.ts';
import { Rooms } from './rooms.ts';
import type { CloudView, Situation } from './situation.ts';

export interface ControllerOptions {
  readonly cloud: Cloud;
  readonly fencer: Fencer;
  readonly observers: readonly Observer[];
  readonly policy: HaPolicy;
  /** Where it keeps what it remembers: `fileState(path)`, or `postgresState` for controllers on several machines. */
  readonly state: State;
  /** The journal of that name: `(name) => fileJournal(join(folder, name))`. */
  readonly journal: (name: string) => Journal;
  /** Of several controllers the one that holds it acts. @default it is the only one */
  readonly lease?: Lease | undefined;
  /** Who it is, for whoever finds the lease held. @default 'ha-controller' */
  readonly holder?: string | undefined;
  /**
   * Is this plan to be run? The policy is the standing approval; this is the place for a person, or for `false`, which
   * makes a controller that only observes. Asked once for each plan, beside the rounds; when the answer is there, a new
   * round decides whether the same is still wanted. @default yes
   */
  readonly approve?: Approve | undefined;
  /** What must be open before a host is touched. @default all ten */
  readonly gates?: readonly Gate[] | undefined;
  /** Seconds between two rounds. @default 10 */
  readonly interval?: number | undefined;
  /** Of the runs: their journals and the time limits of their steps. @default the machine's */
  readonly clock?: Clock | undefined;
}

/** Watches over compute hosts: observes, decides, recovers, takes back. */
export interface HaController {
  readonly events: EventEmitter<ControllerEvents>;
  /** Works until the signal aborts, then lets running steps end. While another holds the lease, it waits. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/**
 * A controller of instance HA. It remembers nothing that its state and its journals do not keep: kill it at any moment, start
 * it or another one, and it goes on where that one was.
 *
 * @example
 * const controller = haController({ cloud, fencer, observers, policy, state, journal });
 * controller.events.on('ended', ({ host, outcome }) => notify(host, outcome.status));
 * await controller.run({ signal });
 */
export const haController = (options: ControllerOptions): HaController => new Controller(options);

/** Who leads alone loses nothing. */
const NEVER = new AbortController().signal;

class Controller implements HaController {
  readonly events = new EventEmitter<ControllerEvents>();
  readonly #options: ControllerOptions;
  readonly #running = new Map<string, Execution>();
  /** Servers that are on the way, by the host that they leave. */
  readonly #moving = new Map<string, readonly string[]>();
  readonly #ends = new Set<Promise<void>>();
  #history: HaHistory = emptyHistory;
  #hosts: readonly string[] = [];
  #misses = 0;
  #saved: Promise<void> = Promise.resolve();
  readonly #approvals: Approvals;
  readonly #rooms: Rooms;
  /** Its abort ends a pause between rounds. */
  #wake = new AbortController();
  /** Of the lease under which it leads. */
  #token: number | undefined;
  /** Aborted: somebody else may be leading, and what is remembered is theirs. */
  #cut: AbortSignal = NEVER;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#rooms = new Rooms(options.cloud);
    this.#approvals = new Approvals(options.approve, (error) => {
      if (error !== undefined) this.events.emit('trouble', { error });
      this.#wake.abort();
    });
  }

  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { lease, holder = 'ha-controller', interval = 10 } = this.#options;
    while (!signal.aborted) {
      if (lease === undefined) {
        await this.#lead(signal, NEVER);
        continue;
      }
      try {
        const held = await lease.acquire({ holder, signal });
        this.events.emit('leading', { token: held.token });
        try {
          this.#token = held.token;
          await this.#lead(AbortSignal.any([signal, held.lost]), held.lost);
        } finally {
          await held.release();
        }
        if (!signal.aborted) this.events.emit('following', { reason: 'the lease was lost' });
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof LeaseHeldError) this.events.emit('following', { reason: error.message });
        else this.events.emit('trouble', { error });
        await this.#pause(interval, signal);
      }
    }
  }

  /** @param cut its abort stops running steps, too: somebody else may be leading */
  async #lead(signal: AbortSignal, cut: AbortSignal): Promise<void> {
    const { state, interval = 10 } = this.#options;
    this.#cut = cut;
    this.#history = readHistory(await state.load());
    this.#approvals.keep(() => false);
    let first = true;
    while (!signal.aborted) {
      try {
        await this.#resume(signal);
        const { cloud } = await this.#round(signal);
        if (first) this.#tellOfOrphans(cloud);
        first = false;
      } catch (error) {
        if (!signal.aborted) this.events.emit('trouble', { error });
      }
      await this.#pause(interval, signal);
    }
    for (const execution of this.#running.values()) {
      execution.pause();
      if (!cut.aborted) continue;
      execution.cancel();
      execution.cancel();
    }
    await Promise.all(this.#ends);
  }

  async #pause(seconds: number, signal: AbortSignal): Promise<void> {
    const woken = AbortSignal.any([signal, this.#wake.signal]);
    await this.#options.cloud.clock.sleep(seconds * 1000, woken).catch(() => undefined);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  /** What was running when the last one died, or was cut off: by a full disk, by a lease that was lost. */
  async #resume(signal: AbortSignal): Promise<void> {
    for (const { host, state, journal } of this.#history.recoveries) {
      if (state !== 'running' || journal === undefined || this.#running.has(host)) continue;
      try {
        const [first] = await this.#options.journal(journal).read();
        if (signal.aborted) return;
        if (first?.event.type === 'run-started') this.#start(host, 'recover', first.event.plan, journal);
        // It died before its journal began: nothing was touched, and the next round decides anew.
        else await this.#remember(withRecoveryEnded(this.#history, host, 'undone', this.#now()));
      } catch (error) {
        // One journal that cannot be read keeps its host from being touched, and no other one.
        this.events.emit('trouble', { error });
      }
    }
  }

  #tellOfOrphans(view: CloudView): void {
    const findings = reconcile(view, this.#history, this.#options.policy);
    if (findings.length > 0) this.events.emit('orphans', { findings });
  }

  async #round(signal: AbortSignal): Promise<Situation> {
    const situation = await this.#look(signal);
    const decision = decide(situation, this.#options.gates);
    this.events.emit('decided', { situation, decision });
    await this.#remember(nextHistory({ ...situation, history: this.#history }));
    await this.#act(decision, situation.cloud, signal);
    return situation;
  }

  async #look(signal: AbortSignal): Promise<Situation> {
    const { cloud, observers, policy } = this.#options;
    const view = await readCloudView(cloud, { signal, misses: this.#misses });
    this.#misses = view.apiMisses;
    // While the cloud cannot be asked, what it had is still watched.
    if (view.hosts !== undefined) this.#hosts = view.hosts.map(({ host }) => host);
    const now = (): number => this.#now();
    const observations = await lookAround(observers, this.#hosts, { now, signal });
    return { now: now(), observations, cloud: view, policy, history: this.#history };
  }

  async #act({ recover, bringBack }: Decision, view: CloudView, signal: AbortSignal): Promise<void> {
    const { policy } = this.#options;
    this.#approvals.keep((host) => recover.some((one) => one.host === host) || bringBack.includes(host));
    // Whoever is on the way takes its place before those that begin now, and those before each other.
    const others = new Set([...this.#moving.values()].flat());
    for (const recovery of recover) {
      const { host } = recovery;
      const room = await this.#rooms.of(host, view, { others, asked: this.#approvals.isOpen(host) }, signal);
      for (const server of recovery.servers) others.add(server);
      await this.#begin(host, 'recover', planRecovery(recovery, room, policy), signal);
    }
    for (const host of bringBack)
      if (!this.#running.has(host)) await this.#begin(host, 'return', planReturn(host, view, policy), signal);
  }

  async #begin(host: string, purpose: Purpose, planned: Planned, signal: AbortSignal): Promise<void> {
    if (!planned.ok) {
      this.events.emit('declined', { host, refusals: planned.refusals });
      return;
    }
    const { plan } = planned;
    const answer = this.#approvals.of(host, plan, purpose, signal);
    if (answer === 'waiting') return;
    if (answer === 'no') {
      const reason = `nobody approved the plan to ${purpose} it`;
      this.events.emit('declined', {
        host,
        refusals: [{ code: 'ha.not-approved', reason, remedy: 'Approve it.' }],
      });
      return;
    }
    const journal = `${plan.id}-${new Date(this.#now()).toISOString().replaceAll(/[:.]/g, '')}`;
    // Remembered first: whoever finds the journal missing knows that nothing was touched.
    if (purpose === 'recover') await this.#remember(withRecovery(this.#history, host, this.#now(), journal));
    // Writing may have taken long: it is not to begin what another one may have begun meanwhile.
    if (signal.aborted) return;
    this.#start(host, purpose, plan, journal);
  }

  #start(host: string, purpose: Purpose, plan: Plan, journal: string): void {
    const { cloud, fencer, holder = 'ha-controller', clock = systemClock } = this.#options;
    const implementations =
      purpose === 'recover' ? recoveringActions({ cloud, fencer }) : returningActions({ cloud, fencer });
    const execution = run(plan, {
      approved: plan.digest,
      implementations,
      journal: this.#options.journal(journal),
      by: holder,
      onFailure: 'roll-back',
      clock,
    });
    this.#running.set(host, execution);
    this.#moving.set(host, movedBy(plan));
    this.events.emit('started', { host, purpose, plan, journal });
    execution.events.on('record', (record) => this.events.emit('record', { host, purpose, record }));
    const end = this.#end(host, purpose, execution).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }

  async #end(host: string, purpose: Purpose, execution: Execution): Promise<void> {
    const outcome = await execution.outcome;
    this.#running.delete(host);
    this.#moving.delete(host);
    const state = endedAs(purpose, outcome);
    try {
      if (state !== undefined)
        await this.#remember(withRecoveryEnded(this.#history, host, state, this.#now()));
    } catch (error) {
      this.events.emit('trouble', { error });
    }
    this.events.emit('ended', { host, purpose, outcome });
  }

  async #remember(history: HaHistory): Promise<void> {
    // Another one leads, and has read its journal to the end.
    if (this.#cut.aborted) return;
    this.#history = history;
    // One after the other, and the newest wins.
    this.#saved = this.#saved
      .catch(() => undefined)
      .then(() => this.#options.state.save(this.#history, this.#token));
    await this.#saved;
  }

  #now(): number {
    return this.#options.cloud.clock.now();
  }
}

const movedBy = ({ steps }: Plan): string[] =>
  steps
    .filter(({ action }) => action === evacuateServer.name)
    .map(({ input }) => evacuateServer.input.parse(input).server);

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
  return status === 'failed' ? 'failed' : undefined;
}
