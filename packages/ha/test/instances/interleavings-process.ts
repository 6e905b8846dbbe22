import {
  type Journal,
  type Json,
  type JournalRecord,
  type Lease,
  LeaseHeldError,
  memoryJournal,
  type Outcome,
} from '@groundcrew/runbook';
import { fencer } from '../../src/fencing/fencer.ts';
import { haController } from '../../src/instances/controller.ts';
import type { Decision } from '../../src/instances/decision.ts';
import type { HaHistory } from '../../src/instances/history.ts';
import { novaServiceObserver } from '../../src/instances/observers/nova-service.ts';
import type { HaPolicy } from '../../src/instances/policy.ts';
import type { Situation } from '../../src/instances/situation.ts';
import { boards, pinging, watched } from './interleavings-machines.ts';
import type { InterleavingsWorld } from './interleavings-world.ts';

/** What outlives a process, and what was seen of all of them. */
export class Disk {
  readonly journals = new Map<string, JournalRecord[]>();
  history: HaHistory | undefined;
  token = 0;
  holder: string | undefined;
  readonly outcomes: { readonly host: string; readonly outcome: Outcome }[] = [];
  readonly declined = new Set<string>();
  readonly troubles: string[] = [];
  decision: Decision | undefined;
}

/** A controller that can be killed: from then on nothing it does reaches anything. */
export class Process {
  dead = false;
  readonly ended: Promise<void>;
  readonly #world: InterleavingsWorld;
  readonly #disk: Disk;
  readonly #name: string;
  readonly #stop = new AbortController();
  readonly #opened = new Map<string, Journal>();
  #lost = new AbortController();
  /** Records until it dies. */
  #left = Infinity;
  /** Before that record is durable, or just after. */
  #after = false;

  constructor(world: InterleavingsWorld, disk: Disk, policy: HaPolicy, name: string) {
    this.#world = world;
    this.#disk = disk;
    this.#name = name;
    const dead = (): boolean => this.dead;
    const cloud = world.connect(dead);
    const driver = boards(world, dead, (order) => this.#ordered(order, policy));
    const controller = haController({
      cloud,
      fencer: fencer({ drivers: [driver], clock: world.clock, timeout: '20s' }),
      observers: [watched(world, novaServiceObserver(cloud)), watched(world, pinging(world))],
      policy,
      state: {
        load: async () => (this.#live(), structuredClone(disk.history) as Json | undefined),
        save: async (history) => {
          this.#live();
          disk.history = structuredClone(history) as HaHistory;
        },
      },
      journal: (journal) => this.#journal(journal),
      lease: this.#lease(),
      holder: name,
      clock: world.clock,
    });
    controller.events.on('decided', ({ situation, decision }) => {
      if (this.dead) return;
      disk.decision = decision;
      this.#decided(situation, decision, policy);
    });
    controller.events.on('ended', ({ host, outcome }) => {
      if (!this.dead) disk.outcomes.push({ host, outcome });
    });
    controller.events.on('declined', ({ host }) => disk.declined.add(host));
    controller.events.on('trouble', ({ error }) => disk.troubles.push(String(error)));
    this.ended = controller.run({ signal: this.#stop.signal });
  }

  stop(): void {
    this.#stop.abort();
  }

  kill(): void {
    this.dead = true;
    if (this.#disk.holder === this.#name) this.#disk.holder = undefined;
    this.#stop.abort();
  }

  /** It dies at the `records`th record from now. */
  killAt(records: number, after: boolean): void {
    this.#left = records;
    this.#after = after;
  }

  /** It no longer leads, and is told. */
  loseLease(): void {
    if (this.#disk.holder !== this.#name) return;
    this.#disk.holder = undefined;
    this.#lost.abort(new Error('the lease was lost'));
  }

  #live(): void {
    if (this.dead) throw new Error('process died');
  }

  /** No host that somebody sees alive, and nothing beyond the limits, by the word of observers and the disk. */
  #decided({ now }: Situation, { recover }: Decision, policy: HaPolicy): void {
    const { violations, looks } = this.#world;
    for (const { host } of recover) {
      const words = policy.observers.map((observer) =>
        looks.findLast((look) => look.host === host && look.observer === observer && now - look.at <= 30_000),
      );
      if (words.some((word) => word?.state === 'up'))
        violations.push(`4: ${host} is to be fenced, and is seen alive`);
      if (words.filter((word) => word?.state === 'down').length < policy.agreement)
        violations.push(`4: ${host} is to be fenced without ${policy.agreement} who see it down`);
    }
  }

  #ordered(order: string, { maxHostsAtOnce, aggregateBudgets }: HaPolicy): void {
    if (!order.startsWith('off')) return;
    const running = new Set(
      (this.#disk.history?.recoveries ?? [])
        .filter(({ state }) => state === 'running')
        .map(({ host }) => host),
    );
    if (running.size > maxHostsAtOnce)
      this.#world.violations.push(`3: ${[...running].join(', ')} are under recovery at once`);
    for (const { name, hosts } of this.#world.simulated.state.compute.aggregates.values()) {
      const mine = hosts.filter((host) => running.has(host));
      if (mine.length > (aggregateBudgets[name] ?? Infinity))
        this.#world.violations.push(`3: ${mine.join(', ')} of ${name} are under recovery at once`);
    }
  }

  #lease(): Lease {
    return {
      acquire: async ({ holder }) => {
        this.#live();
        const disk = this.#disk;
        if (disk.holder !== undefined) throw new LeaseHeldError(`${disk.holder} leads`, { holder });
        disk.holder = holder;
        this.#lost = new AbortController();
        const { signal } = this.#lost;
        return {
          holder,
          token: (disk.token += 1),
          lost: signal,
          release: async () => {
            if (!this.dead && !signal.aborted && disk.holder === holder) disk.holder = undefined;
          },
        };
      },
    };
  }

  #journal(name: string): Journal {
    const there = this.#opened.get(name);
    if (there !== undefined) return there;
    const { journals } = this.#disk;
    const journal: Journal = {
      open: async (options) => {
        this.#live();
        const kept = journals.get(name) ?? [];
        journals.set(name, kept);
        const open = await memoryJournal(kept).open(options);
        return {
          ...open,
          append: async (event, at) => {
            this.#live();
            this.#left -= 1;
            const dies = this.#left <= 0;
            if (dies && !this.#after) this.kill();
            this.#live();
            const record = await open.append(event, at);
            kept.push(record);
            if (dies) this.kill();
            this.#live();
            return record;
          },
        };
      },
      read: async () => (this.#live(), [...(journals.get(name) ?? [])]),
    };
    this.#opened.set(name, journal);
    return journal;
  }
}
