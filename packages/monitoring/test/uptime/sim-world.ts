import { isConflict, isNotFound, type Cloud, connect } from '@groundcrew/core';
import {
  type NotificationQueue,
  type SimulatedCloud,
  simulateCloud,
  status,
  virtualClock,
} from '@groundcrew/sim';
import { type Uptime, type UptimeLedger, uptimeLedger, watchUptime } from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';

/** Milliseconds. */
const SECOND = 1_000;
const START = Date.UTC(2026, 0, 1);
export const POLL = 120 * SECOND;
/** Nova looks every 5 minutes here, and up to 5 percent later; a nova-compute that starts anew takes 2 minutes more. */
const POWER_SYNC = 300 * SECOND;
export const LAG = POWER_SYNC * 1.05 + 120 * SECOND;
/** The duration of a snapshot: longer than Nova's look is apart. */
export const IMAGE = 600 * SECOND;

/** What becomes of a notification on its way. `late` is in seconds. */
export interface Delivery {
  readonly copies: 0 | 1 | 2;
  readonly late: number;
}

/** A time in which something was not seen, or not for sure; milliseconds since 1970. */
export interface Unseen {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

type Truth = 'up' | 'down' | 'absent';

/**
 * A simulated cloud with some servers, and a watch over it. It knows of each second whether each guest ran, and collects the times
 * that nobody saw.
 */
export class SimWorld {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  readonly ledger: UptimeLedger;
  /** What Nova sends, and what of it arrives. */
  readonly sent: NotificationQueue;
  readonly inbox: NotificationQueue;
  readonly servers: string[] = [];
  /** Per server, a state for each second since `began`. */
  readonly truth = new Map<string, Truth[]>();
  readonly #unseen = new Map<string, Unseen[]>();
  /** Changes that Nova does not know of yet, by server: the second of the oldest. */
  readonly #unsettled = new Map<string, number>();
  readonly #late: { readonly at: number; readonly message: string }[] = [];
  #deliver: () => Delivery = () => ({ copies: 1, late: 0 });
  #watch: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  #round = Promise.withResolvers<void>();
  #due = Number.POSITIVE_INFINITY;
  #blindSince: number | undefined;
  began = 0;
  /** Whether Nova's API answers nothing. */
  isBroken = false;

  private constructor(simulated: SimulatedCloud, cloud: Cloud, ledger: UptimeLedger) {
    this.simulated = simulated;
    this.cloud = cloud;
    this.ledger = ledger;
    this.sent = simulated.notifications.queue();
    this.inbox = simulated.notifications.queue();
    this.inbox.close();
  }

  static async open(options: {
    readonly seed: number;
    readonly servers: number;
    readonly resumeGuests?: boolean;
  }) {
    const simulated = simulateCloud({
      seed: options.seed,
      clock: virtualClock(START, { mode: 'hand' }),
      powerSync: POWER_SYNC,
      resumeGuests: options.resumeGuests,
      timing: { image: IMAGE },
    });
    const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
    const cloud = connect({ ...connectOptions, clock: simulated.clock, retries: 0 });
    const ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
    const world = new SimWorld(simulated, cloud, ledger);
    await world.#build(options.servers);
    return world;
  }

  async close(): Promise<void> {
    await this.stopWatching();
    await this.ledger.close();
    await this.cloud.close();
    await this.simulated.close();
  }

  get now(): number {
    return this.simulated.clock.now();
  }

  get isWatching(): boolean {
    return this.#watch !== undefined;
  }

  hostOf(server: string): string {
    return this.simulated.state.compute.servers.get(server)?.host ?? '';
  }

  async #build(count: number): Promise<void> {
    const { compute, image } = this.cloud;
    const { identity, compute: nova } = this.simulated.state;
    nova.quotas.set(identity.project('admin').id, { instances: 1_000, cores: 1_000, ram: 1_000_000_000 });
    const [{ id: imageRef }] = await firstOf(image.images.list());
    const flavors = await Array.fromAsync(compute.flavors.list());
    const flavorRef = flavors.toSorted((a, b) => a.vcpus - b.vcpus)[0]?.id ?? '';
    for (let index = 0; index < count; index += 1) {
      const { id } = await compute
        .at('2.37')
        .servers.create({ name: `s-${index}`, imageRef, flavorRef, networks: 'none' });
      this.servers.push(id);
      this.truth.set(id, []);
      this.#unseen.set(id, []);
    }
    await this.simulated.clock.advance('60s');
    this.sent.take();
    this.began = this.now;
    for (const id of this.servers) this.#note(id, this.began, this.began + POLL, 'the first look');
  }

  /** What becomes of each notification from now on. */
  delivers(of: () => Delivery): void {
    this.#deliver = of;
  }

  #note(server: string, from: number, to: number, why: string): void {
    this.#unseen.get(server)?.push({ from, to, why });
  }

  /** A watch begins. Before it, and since the last one ended, nobody looked. */
  async watch(): Promise<void> {
    const stop = new AbortController();
    this.#round = Promise.withResolvers();
    const ended = watchUptime({
      cloud: this.cloud,
      ledger: this.ledger,
      signal: stop.signal,
      poll: POLL,
      powerSync: LAG,
      events: this.inbox,
      onRound: () => this.#round.resolve(),
    });
    this.#watch = { stop, ended };
    this.#due = this.now + POLL;
    await this.#round.promise;
    this.#seesAgain('our own outage');
  }

  /** The watch ends in an orderly way. */
  async stopWatching(): Promise<void> {
    if (this.#watch === undefined) return;
    this.#watch.stop.abort();
    await this.#watch.ended;
    this.#watch = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    this.#goesBlind();
  }

  /** Nobody looks from now on. */
  #goesBlind(): void {
    this.#blindSince ??= this.now;
  }

  /** Somebody looks again, unless there is another reason why nobody can. */
  #seesAgain(why: string): void {
    const since = this.#blindSince;
    if (since === undefined || this.isBroken || !this.isWatching) return;
    this.#blindSince = undefined;
    for (const id of this.servers) this.#note(id, since - LAG - POLL, this.now + POLL, why);
  }

  /**
   * Gives a host its power back. Where the guests are resumed, a host that was dead for less than two rounds and `service_down_time` is left
   * dead: nothing at all tells of such an outage, and the ledger says so (`docs/guides/uptime.md`, what it cannot see).
   */
  revive(host: string): void {
    const { compute, settings } = this.simulated.state;
    const since = compute.services.find((service) => service.host === host)?.deadSince;
    if (since === undefined || (settings.resumeGuests && this.now - since < 60 * SECOND + 2 * POLL)) return;
    this.simulated.hosts.revive(host);
  }

  /** Nova's API answers nothing until `heal`. */
  breakApi(): void {
    this.isBroken = true;
    this.simulated.fault({ match: { service: 'compute' }, reply: status(503) });
    this.#goesBlind();
  }

  healApi(): void {
    this.isBroken = false;
    this.simulated.heal();
    this.#seesAgain('an API that was broken');
  }

  /** Asks Nova for something. What the state does not allow is refused, and nothing happens. */
  async ask(begin: () => Promise<unknown>): Promise<void> {
    await begin().catch((error: unknown) => {
      if (!isConflict(error) && !isNotFound(error)) throw error;
    });
  }

  async snapshot(id: string): Promise<void> {
    await this.ask(() => this.cloud.compute.servers.createImage({ id, name: 'snapshot' }));
    // Nova does not look at it meanwhile.
    this.#note(id, this.now - LAG - POLL, this.now + IMAGE + LAG + 2 * POLL, 'a snapshot');
  }

  /** Goes on by so many seconds. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      for (const id of this.servers) this.#sample(id);
      await this.#deliverMessages();
      const isRound = this.now + SECOND >= this.#due;
      if (isRound) this.#round = Promise.withResolvers();
      await this.simulated.clock.advance('1s');
      if (!isRound) continue;
      await this.#round.promise;
      this.#due += POLL;
    }
  }

  #sample(id: string): void {
    const server = this.simulated.state.compute.servers.get(id);
    const now: Truth = server === undefined ? 'absent' : this.simulated.guests.isRunning(id) ? 'up' : 'down';
    const all = this.truth.get(id) ?? [];
    // What a task does meanwhile is not known from its beginning to its end.
    if (server !== undefined && server.task_state !== null) this.#note(id, this.now, this.now, 'a task');
    const isChange = all.length > 0 && all.at(-1) !== now;
    all.push(now);
    if (isChange && !this.#unsettled.has(id)) this.#unsettled.set(id, this.now);
    const since = this.#unsettled.get(id);
    const isSettled = server === undefined || (!server.hasShutDown && server.task_state === null);
    if (since === undefined || !isSettled) return;
    this.#unsettled.delete(id);
    this.#note(id, since - LAG - POLL, this.now + POLL, 'a change');
  }

  async #deliverMessages(): Promise<void> {
    const due = this.#late.filter(({ at }) => at <= this.now);
    for (const each of due) this.#late.splice(this.#late.indexOf(each), 1);
    this.inbox.put(...due.map(({ message }) => message));
    for (const message of this.sent.take()) {
      const { copies, late } = this.#deliver();
      for (let copy = 0; copy < copies; copy += 1)
        if (late === 0) this.inbox.put(message);
        else this.#late.push({ at: this.now + late * SECOND, message });
    }
    while (this.#watch !== undefined && this.inbox.messages.length > 0)
      await new Promise((resolve) => setImmediate(resolve));
  }

  /** The end: what came last was seen by nobody after it. */
  async end(): Promise<void> {
    const to = this.now;
    await this.stopWatching();
    for (const id of this.servers) {
      const since = this.#unsettled.get(id);
      if (since !== undefined) this.#note(id, since - LAG - POLL, to, 'a change that is not settled');
    }
    const blind = this.#blindSince ?? to;
    for (const id of this.servers) this.#note(id, blind - LAG - POLL, to, 'the end');
  }

  async uptimeOf(
    id: string,
    exclude: readonly { readonly from: string; readonly to: string }[] = [],
  ): Promise<Uptime> {
    const to = this.began + (this.truth.get(id)?.length ?? 0) * SECOND;
    return this.ledger.of(
      { server: id },
      { from: new Date(this.began).toISOString(), to: new Date(to).toISOString(), exclude },
    );
  }

  /** The states that a time of the ledger really had. */
  statesIn(id: string, { from, to }: { readonly from: string; readonly to: string }): readonly Truth[] {
    const [first, last] = [Date.parse(from) - this.began, Date.parse(to) - this.began];
    const all = this.truth.get(id) ?? [];
    return [...new Set(all.slice(Math.floor(first / SECOND), Math.ceil(last / SECOND)))];
  }

  /**
   * What is wrong with an answer: a state that was not so, or time that is called unknown although somebody saw it. Empty if it
   * is right.
   */
  wrongIn(id: string, { intervals }: Uptime, exclude: readonly UptimeGap[] = []): string[] {
    const unseen = joined(this.#unseen.get(id) ?? []);
    return intervals.flatMap((interval) => {
      const { state, from, to, because } = interval;
      const [begin, end] = [Date.parse(from), Date.parse(to)];
      if (state === 'unknown')
        return unseen.some((gap) => gap.from <= begin && gap.to >= end)
          ? []
          : [`${from} to ${to} was seen, and is called unknown: ${because}`];
      if (state === 'excluded' && because === 'maintenance')
        return isCovered(exclude, begin, end) ? [] : [`${from} to ${to} is no maintenance`];
      const wanted: Truth = state === 'excluded' ? 'absent' : state;
      const real = this.statesIn(id, interval);
      return real.length === 1 && real[0] === wanted
        ? []
        : [`${from} to ${to} is called ${state}, and was ${real.join(' and ')}: ${because}`];
    });
  }

  /** Milliseconds for which it was up, apart from some time. */
  trueUp(id: string, exclude: readonly UptimeGap[] = []): number {
    const isOut = (at: number): boolean =>
      exclude.some(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to));
    const all = this.truth.get(id) ?? [];
    return (
      all.filter((state, index) => state === 'up' && !isOut(this.began + index * SECOND)).length * SECOND
    );
  }
}

export interface UptimeGap {
  readonly from: string;
  readonly to: string;
}

async function firstOf<T>(list: AsyncIterable<T>): Promise<[T]> {
  for await (const each of list) return [each];
  throw new Error('there is none');
}

/** What nobody saw, without its overlaps. A few seconds are allowed: Nova keeps whole ones, and clocks may be one apart. */
function joined(windows: readonly Unseen[]): Unseen[] {
  const result: { from: number; to: number; why: string }[] = [];
  for (const { from, to, why } of windows.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from - 5_000 <= last.to) last.to = Math.max(last.to, to + 5_000);
    else result.push({ from: from - 5_000, to: to + 5_000, why });
  }
  return result;
}

/** Whether each second of a time is in one of the windows. */
function isCovered(windows: readonly UptimeGap[], from: number, to: number): boolean {
  for (let at = from; at < to; at += SECOND)
    if (!windows.some((each) => Date.parse(each.from) <= at && at < Date.parse(each.to))) return false;
  return true;
}
