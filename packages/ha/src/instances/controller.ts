import { type ControllerOptions, controllerOptions } from './controller-options.ts';
import { Emitter } from '@groundcrew/ground';
import { checkedOptions, type InMilliseconds } from '../option-parts.ts';
import { campaign, type LeadershipTerm, type Planned, type RunKeeper } from '@groundcrew/runbook';
import type { HaHistory } from './history.ts';
import type { EventEmitter } from 'eventemitter3';
import { Approvals } from './approvals.ts';
import { readCloudView } from './cloud-view.ts';
import type { ControllerEvents, Purpose } from './controller-events.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { heldOff, waitingFor } from './held-off.ts';
import { observeHosts } from './observe-hosts.ts';
import { nextHistory } from './next-history.ts';
import { planRecovery, planReturn } from './plan-recovery.ts';
import { haPolicy } from './policy.ts';
import { reconcile } from './reconcile.ts';
import { FreeCapacity } from './free-capacity.ts';
import { holderOf, type HostRun, hostRuns, movedBy } from './runs.ts';
import type { CloudView, Situation } from './situation.ts';

/** Watches compute hosts: observes them, decides, recovers their servers, and returns repaired hosts to service. */
export interface HaController {
  readonly events: EventEmitter<ControllerEvents>;
  /**
   * Runs until the signal aborts, then lets running steps end. While another controller holds the lease, it waits.
   *
   * @throws what `state.load` throws, StateCorruptError among it, if there is no lease; with one it tells `trouble`, makes
   *   way, and tries again
   */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/**
 * Makes a controller of instance HA. It keeps all that it remembers in its state and its journals, so that it can be
 * killed at any moment: it, or another controller, continues from there.
 *
 * @throws InputError for a policy that is none, with the field's name
 * @example
 * const controller = haController({ cloud, fencer, observers, policy, state, journal });
 * controller.events.on('ended', ({ host, outcome }) => notify(host, outcome.status));
 * await controller.run({ signal });
 */
export const haController = (options: ControllerOptions): HaController =>
  new Controller({ ...options, policy: haPolicy(options.policy) });

class Controller implements HaController {
  readonly events: EventEmitter<ControllerEvents> = new Emitter<ControllerEvents>();
  readonly #options: InMilliseconds<ControllerOptions>;
  readonly #approvals: Approvals;
  readonly #freeCapacity: FreeCapacity;
  readonly #runs: RunKeeper<HaHistory, HostRun>;
  #hosts: readonly string[] = [];
  #misses = 0;
  /** Its abort ends a pause between rounds. */
  #wake = new AbortController();

  constructor(options: ControllerOptions) {
    this.#options = checkedOptions('haController', controllerOptions, options);
    this.#freeCapacity = new FreeCapacity(options.cloud);
    this.#runs = hostRuns(options, this.events);
    this.#approvals = new Approvals(options.approve, (error) => {
      if (error !== undefined) this.events.emit('trouble', { error });
      this.#wake.abort();
    });
  }

  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { cloud, lease, holder = 'ha-controller', interval = 10_000 } = this.#options;
    await campaign(lease, this.events, (term) => this.#lead(term), {
      holder,
      signal,
      retryEvery: interval,
      clock: cloud.clock,
    });
  }

  async #lead(term: LeadershipTerm): Promise<void> {
    await this.#runs.load(term);
    const { signal } = term;
    const { interval = 10_000 } = this.#options;
    this.#approvals.keep(() => false);
    let first = true;
    while (!signal.aborted) {
      try {
        await this.#runs.resume(signal);
        const { cloud } = await this.#round(signal);
        if (first) this.#tellOfOrphans(cloud);
        first = false;
      } catch (error) {
        if (!signal.aborted) this.events.emit('trouble', { error });
      }
      await this.#pause(interval, signal);
    }
    await this.#runs.stop();
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const woken = AbortSignal.any([signal, this.#wake.signal]);
    await this.#options.cloud.clock.sleep(ms, woken).catch(() => undefined);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  #tellOfOrphans(view: CloudView): void {
    const findings = reconcile(view, this.#runs.memory, this.#options.policy);
    if (findings.length > 0) this.events.emit('orphans', { findings });
  }

  async #round(signal: AbortSignal): Promise<Situation> {
    const situation = await this.#look(signal);
    const decision = decide(situation, this.#options.gates);
    this.events.emit('decided', { situation, decision });
    if (decision.leftBehind.length > 0) this.events.emit('left-behind', { hosts: decision.leftBehind });
    await this.#runs.remember((history) => nextHistory({ ...situation, history }));
    await this.#act(decision, situation, signal);
    return situation;
  }

  async #look(signal: AbortSignal): Promise<Situation> {
    const { cloud, observers, policy } = this.#options;
    const view = await readCloudView(cloud, { signal, misses: this.#misses });
    this.#misses = view.apiMisses;
    // While the cloud cannot be asked, what it had is still watched.
    if (view.hosts !== undefined) this.#hosts = view.hosts.map(({ host }) => host);
    const now = (): number => this.#now();
    const { observations, refused } = await observeHosts(observers, this.#hosts, { now, signal });
    if (refused.length > 0) this.events.emit('refused', { observations: refused });
    return { now: now(), observations, cloud: view, policy, history: this.#runs.memory };
  }

  async #act({ recover, bringBack }: Decision, situation: Situation, signal: AbortSignal): Promise<void> {
    const { policy } = this.#options;
    const view = situation.cloud;
    const off = heldOff(situation);
    this.#approvals.keep(
      (host) => recover.some((recovery) => recovery.host === host) || bringBack.includes(host),
    );
    // Whoever is on the way takes its place before those that begin now, and those before each other.
    const others = new Set(this.#runs.running.flatMap(({ plan }) => movedBy(plan)));
    for (const recovery of recover) {
      const { host } = recovery;
      const withFree = await this.#freeCapacity.of(
        host,
        view,
        { others, asked: this.#approvals.isOpen(host) },
        signal,
      );
      for (const server of recovery.servers) others.add(server);
      const known = { heldOff: off, waiting: waitingFor(host, situation) };
      await this.#begin(host, 'recover', planRecovery(recovery, withFree, policy, known), signal);
    }
    for (const host of bringBack)
      if (!this.#runs.running.some(({ about }) => about.host === host))
        await this.#begin(host, 'return', planReturn(host, view, policy), signal);
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
    const by = answer.by ?? holderOf(this.#options);
    await this.#runs.begin(plan, { journal, by, about: { host, purpose } }, signal);
  }

  #now(): number {
    return this.#options.cloud.clock.now();
  }
}
