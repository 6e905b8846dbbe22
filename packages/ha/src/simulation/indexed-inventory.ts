import { InputError } from '@groundcrew/core';
import type { HostView, ServerView } from '../instances/situation.ts';
import { zoneBinding } from '../instances/zone-binding.ts';
import type { Loss, SimulationInventory } from './inventory.ts';

/** An inventory, indexed once for any number of simulated failures. */
export class IndexedInventory {
  readonly source: SimulationInventory;
  readonly computes: readonly HostView[];
  readonly serversOn = new Map<string, ServerView[]>();
  /** Servers in a group: the only ones whose places matter to others. */
  readonly grouped: readonly ServerView[];
  /** The zone that binds a server. */
  readonly zoneOf: (server: ServerView) => string | undefined;
  /** Hosts of which Nova does not tell, and so not of their servers either. */
  readonly #unseen: ReadonlySet<string>;
  /** Does Nova keep back where some servers are, since their cell does not respond? */
  readonly #strays: boolean;
  /** Does policy hide where some servers are? They may be on any host. */
  readonly #hidden: boolean;
  /** Does Nova keep back in which zone some hosts are? */
  readonly #zoneless: boolean;
  readonly #computeHosts: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;
  readonly #racks: ReadonlyMap<string, readonly string[]>;
  readonly #zones: ReadonlyMap<string, readonly string[]>;

  /** @throws InputError if the view lacks hosts or servers: what was not read cannot be lost */
  constructor(inventory: SimulationInventory) {
    const { view, racks = {}, zones = {}, components = [] } = inventory;
    if (view.hosts === undefined || view.servers === undefined)
      throw refuse(
        `view.${view.hosts === undefined ? 'hosts' : 'servers'}`,
        'could not be read, so that nothing can be simulated',
      );
    this.source = inventory;
    this.computes = view.hosts;
    this.zoneOf = zoneBinding(view.hosts);
    this.#unseen = new Set(
      view.hosts.flatMap((hostView) => (hostView.unknown === undefined ? [] : [hostView.host])),
    );
    this.#strays = view.servers.some(({ host, state }) => host === undefined && state === 'unknown');
    this.#hidden = view.servers.some(({ hostHidden }) => hostHidden === true);
    this.#zoneless = view.hosts.some(({ host, zone }) => zone === undefined && zones[host] === undefined);
    for (const server of view.servers) {
      if (server.host === undefined) continue;
      const there = this.serversOn.get(server.host);
      if (there === undefined) this.serversOn.set(server.host, [server]);
      else there.push(server);
    }
    this.grouped = view.servers.filter(({ groups = [] }) => groups.length > 0);
    const zoneByHost = new Map(view.hosts.map(({ host, zone }) => [host, zone]));
    this.#computeHosts = new Set(zoneByHost.keys());
    const hosts = new Set([
      ...zoneByHost.keys(),
      ...Object.keys(racks),
      ...components.flatMap((component) => component.hosts),
    ]);
    this.#hosts = hosts;
    this.#racks = grouped(hosts, (host) => racks[host]);
    this.#zones = grouped(hosts, (host) => zones[host] ?? zoneByHost.get(host));
  }

  get hosts(): readonly string[] {
    return [...this.#hosts];
  }

  get racks(): readonly string[] {
    return [...this.#racks.keys()];
  }

  get zones(): readonly string[] {
    return [...this.#zones.keys()];
  }

  /** May servers be lost with these hosts that nobody saw, or hosts with this loss? */
  isUnseen(lost: ReadonlySet<string>, { zones = [] }: Loss): boolean {
    if (this.#zoneless && zones.length > 0) return true;
    for (const host of lost) {
      if (this.#hidden && this.#computeHosts.has(host)) return true;
      if (this.#unseen.has(host)) return true;
      // Where the strays are is not known of any host that seems to carry nothing.
      if (this.#strays && this.#computeHosts.has(host) && !this.serversOn.has(host)) return true;
    }
    return false;
  }

  /** @throws InputError that names what is not there, or a kind of loss that is none */
  lost(loss: Loss): ReadonlySet<string> {
    const [odd] = Object.keys(loss).filter((key) => !LOSSES.has(key));
    if (odd !== undefined)
      throw new InputError(`lose: ${odd}: there is no such kind of loss`, {
        field: odd,
        operation: 'simulate',
      });
    return this.#lost(loss);
  }

  #lost({ hosts = [], racks = [], zones = [] }: Loss): ReadonlySet<string> {
    const lost = new Set<string>();
    for (const host of hosts) {
      if (!this.#hosts.has(host)) throw refuse('hosts', `there is no ${host}`);
      lost.add(host);
    }
    for (const [kind, names, index] of [
      ['racks', racks, this.#racks],
      ['zones', zones, this.#zones],
    ] as const)
      for (const name of names) {
        const members = index.get(name);
        if (members === undefined) throw refuse(kind, `there is no ${name}`);
        for (const host of members) lost.add(host);
      }
    return lost;
  }
}

/** The keys of `Loss`: a misspelt one would lose nothing, and nothing would stop. */
const LOSSES: ReadonlySet<string> = new Set(['hosts', 'racks', 'zones']);

function grouped(
  hosts: ReadonlySet<string>,
  nameOf: (host: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const host of hosts) {
    const name = nameOf(host);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), host]);
  }
  return groups;
}

const refuse = (field: string, message: string): InputError =>
  new InputError(`simulate: ${field}: ${message}`, { field, operation: 'simulate' });
