import { type Cloud, connect } from '@groundcrew/core';
import { type SimulatedCloud, simulateCloud, type VirtualClock, virtualClock } from '@groundcrew/sim';
import type { PowerState } from '../../src/fencing/power-driver.ts';
import type { Observation } from '../../src/instances/observation.ts';
import { administratorOf, darkened } from '../foreign/dark-cells.ts';

/** What is true of a machine, whatever its board, Nova and the observers say of it. */
export interface Machine {
  power: boolean;
  /** Its kernel and its guests work. */
  alive: boolean;
  compute: boolean;
  /** Guests that run on it. */
  readonly guests: Set<string>;
  /** When it last got its power back from somebody else than a controller. */
  turnedOnAt: number;
  /** A failure of the machine: a server may be evacuated once for each. */
  failures: number;
  /** How its board behaves. */
  board: 'honest' | 'deaf' | 'mute' | 'stale';
  /** Readings that it still answers from its cache. */
  cached: number;
}

/** One reading that a board gave. */
interface Reading {
  readonly at: number;
  readonly state: PowerState;
}

export interface Evacuation {
  readonly at: number;
  readonly server: string;
  readonly from: string;
  readonly failure: number;
}

const HOSTS = 8;
const EACH = 2;
/** Seconds: the proof of `recoveryImplementations` (30), and what `evacuate` grants on top. */
const PROOF_AGE = 60;

/** A simulated cloud, the truth of its machines, and a list of what must never happen and did. */
export class InterleavingsWorld {
  readonly clock: VirtualClock = virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' });
  readonly simulated: SimulatedCloud = simulateCloud({
    scenario: 'small',
    clock: this.clock,
    resumeGuests: true,
  });
  readonly machines = new Map<string, Machine>();
  /** Ids. */
  servers: readonly string[] = [];
  readonly violations: string[] = [];
  readonly evacuations: Evacuation[] = [];
  readonly readings = new Map<string, Reading[]>();
  /** Every look that an observer reported. */
  readonly looks: Observation[] = [];
  /** Observers that see nothing, or all hosts down. */
  readonly sight = new Map<string, 'blind' | 'all-down'>();
  /** Hosts of a cell that does not respond. */
  readonly dark = new Set<string>();
  /** Evacuations from machines that turned themselves on after the last reading: no board could tell. */
  readonly excused = new Set<string>();
  /** What happens when Nova has taken the next evacuation. */
  readonly onEvacuation: (() => void)[] = [];
  #inFlight = 0;

  /** Where each server is by Nova's account. */
  hostOf(server: string): string | null {
    return this.simulated.state.compute.servers.get(server)?.host ?? null;
  }

  machine(host: string): Machine {
    const machine = this.machines.get(host);
    if (machine === undefined) throw new Error(`no machine ${host}`);
    return machine;
  }

  /** Five more hosts than the scenario has, two servers on each. */
  async populate(): Promise<string[]> {
    const { compute, placement, ids } = this.simulated.state;
    const like = compute.hypervisors.find((hypervisor) => hypervisor.host === 'compute-1');
    const provider = placement.byName('compute-1');
    if (like === undefined || provider === undefined) throw new Error('no compute-1');
    for (let n = 1; n <= HOSTS; n += 1) {
      const host = `compute-${n}`;
      this.machines.set(host, {
        power: true,
        alive: true,
        compute: true,
        guests: new Set(),
        turnedOnAt: 0,
        failures: 0,
        board: 'honest',
        cached: 0,
      });
      if (placement.byName(host) !== undefined) continue;
      compute.addService('nova-compute', host);
      const id = ids.uuid();
      compute.hypervisors.add({ ...like, id, row: compute.row('compute_nodes'), host });
      placement.addProvider(ids, host, structuredClone(provider.inventories), id).traits = [
        ...provider.traits,
      ];
    }
    const cloud = this.connect(() => false);
    const setUp = this.#servers(cloud);
    const state = { over: false };
    void setUp.finally(() => (state.over = true)).catch(() => undefined);
    while (!state.over) await this.pass(1);
    const servers = await setUp;
    this.servers = servers;
    await this.pass(20);
    for (const id of servers) this.machine(this.hostOf(id) ?? '').guests.add(id);
    this.simulated.requests.clear();
    return servers;
  }

  async #servers(cloud: Cloud): Promise<string[]> {
    const flavor = await cloud.compute.flavors.find('m1.nano');
    const image = await cloud.image.images.find('cirros');
    const project = await cloud.identity.projects.find('admin');
    await cloud.compute.quotaSets.update({ id: project.id, instances: -1, cores: -1, ram: -1 });
    const ids: string[] = [];
    for (let n = 0; n < HOSTS * EACH; n += 1) {
      const { id } = await cloud.compute.at('2.74').servers.create({
        name: `vm-${n}`,
        flavorRef: flavor.id,
        imageRef: image.id,
        networks: 'none',
        host: `compute-${(n % HOSTS) + 1}`,
      });
      ids.push(id);
    }
    return ids;
  }

  /** A client whose every request passes through the watch; none does when its process is dead. */
  connect(dead: () => boolean): Cloud {
    return connect({
      ...administratorOf(this.simulated),
      clock: this.clock,
      random: () => 0.5,
      fetch: async (input, init) => {
        if (dead()) throw new TypeError('fetch failed: process died');
        this.#inFlight += 1;
        try {
          return await this.#handle(new Request(input, init));
        } finally {
          this.#inFlight -= 1;
        }
      },
    });
  }

  async #handle(request: Request): Promise<Response> {
    const server = /servers\/([^/]+)\/action$/.exec(new URL(request.url).pathname)?.[1];
    const evacuates = server !== undefined && (await request.clone().text()).includes('"evacuate"');
    const from = evacuates ? this.hostOf(server) : null;
    if (evacuates && from !== null) this.#proven(server, from);
    const response = await this.simulated.handle(request.clone());
    if (evacuates && from !== null && this.hostOf(server) !== from) this.#moved(server, from);
    if (evacuates && response.ok) for (const happens of this.onEvacuation.splice(0)) happens();
    return darkened(request, response, this.dark);
  }

  /** At the very moment of the request: off in truth, and read off. */
  #proven(server: string, from: string): void {
    const now = this.clock.now();
    const { power, turnedOnAt } = this.machine(from);
    const last = (this.readings.get(from) ?? []).slice(-3);
    const read = last.at(-1)?.at ?? -Infinity;
    const offs = last.filter(({ state }) => state === 'off').length;
    if (offs < 3) this.violations.push(`1: ${server} evacuated from ${from} after ${offs} readings of off`);
    if (now - read > PROOF_AGE * 1000)
      this.violations.push(`1: ${server} evacuated from ${from}, read off ${(now - read) / 1000} s ago`);
    for (const host of this.holders(server))
      if (host !== from) this.violations.push(`1: ${server} evacuated from ${from} while it runs on ${host}`);
    if (!power) return;
    // Who never read it off has nothing that turning it on could have made false.
    if (offs >= 3 && turnedOnAt >= read) this.excused.add(server);
    else this.violations.push(`1: ${server} evacuated from ${from}, which is on`);
  }

  #moved(server: string, from: string): void {
    const { failures } = this.machine(from);
    const twice = this.evacuations.some(
      (evacuation) =>
        evacuation.server === server && evacuation.from === from && evacuation.failure === failures,
    );
    if (twice) this.violations.push(`6: ${server} evacuated twice for one failure of ${from}`);
    const to = this.hostOf(server);
    if (to !== null) this.machine(to).guests.add(server);
    this.evacuations.push({ at: this.clock.now(), server, from, failure: failures });
  }

  /** Machines on which its guest runs, that on which Nova has it last. */
  holders(id: string): string[] {
    const now = this.hostOf(id);
    const hosts = Array.from(this.machines).flatMap(([host, { power, alive, guests }]) =>
      power && alive && guests.has(id) ? [host] : [],
    );
    return hosts.toSorted((a, b) => Number(a === now) - Number(b === now));
  }

  /** A guest that runs on two machines. */
  look(): void {
    for (const id of this.servers) {
      const [one, another] = this.holders(id);
      if (another === undefined || this.excused.has(id)) continue;
      this.violations.push(`2: ${id} runs on ${one} and on ${another}`);
      this.excused.add(id);
    }
  }

  /** Time passes, in half seconds; whatever is asked in one is answered in it. */
  async pass(seconds: number): Promise<void> {
    for (let step = 0; step < seconds * 2; step += 1) {
      await this.clock.advance(500);
      await this.#quiet();
      this.look();
    }
  }

  async #quiet(): Promise<void> {
    for (let calm = 0; calm < 3; calm = this.#inFlight > 0 ? 0 : calm + 1)
      await new Promise((resolve) => setImmediate(resolve));
  }
}
