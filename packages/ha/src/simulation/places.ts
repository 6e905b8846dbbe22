import type { HostView, ServerView } from '../instances/situation.ts';
import type { Loss, SimulationInventory } from './inventory.ts';

/** An inventory, indexed once for any number of simulated failures. */
export class Places {
  readonly inventory: SimulationInventory;
  readonly computes: readonly HostView[];
  readonly serversOn = new Map<string, ServerView[]>();
  /** Servers in a group: the only ones whose places matter to others. */
  readonly grouped: readonly ServerView[];
  readonly #hosts: ReadonlySet<string>;
  readonly #racks: ReadonlyMap<string, readonly string[]>;
  readonly #zones: ReadonlyMap<string, readonly string[]>;

  /** @throws RangeError if the view lacks hosts or servers: what was not read cannot be lost */
  constructor(inventory: SimulationInventory) {
    const { view, racks = {}, zones = {}, components = [] } = inventory;
    if (view.hosts === undefined || view.servers === undefined)
      throw new RangeError(
        `${view.hosts === undefined ? 'hosts' : 'servers'}: could not be read, so that nothing can be simulated`,
      );
    this.inventory = inventory;
    this.computes = view.hosts;
    for (const server of view.servers) {
      if (server.host === undefined) continue;
      const there = this.serversOn.get(server.host);
      if (there === undefined) this.serversOn.set(server.host, [server]);
      else there.push(server);
    }
    this.grouped = view.servers.filter(({ groups }) => groups.length > 0);
    const ofCompute = new Map(view.hosts.map(({ host, zone }) => [host, zone]));
    const hosts = new Set([
      ...ofCompute.keys(),
      ...Object.keys(racks),
      ...components.flatMap((one) => one.hosts),
    ]);
    this.#hosts = hosts;
    this.#racks = grouped(hosts, (host) => racks[host]);
    this.#zones = grouped(hosts, (host) => zones[host] ?? ofCompute.get(host));
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

  /** @throws RangeError that names what is not there */
  lost({ hosts = [], racks = [], zones = [] }: Loss): ReadonlySet<string> {
    const lost = new Set<string>();
    for (const host of hosts) {
      if (!this.#hosts.has(host)) throw new RangeError(`hosts: there is no ${host}`);
      lost.add(host);
    }
    for (const [kind, names, index] of [
      ['racks', racks, this.#racks],
      ['zones', zones, this.#zones],
    ] as const)
      for (const name of names) {
        const members = index.get(name);
        if (members === undefined) throw new RangeError(`${kind}: there is no ${name}`);
        for (const host of members) lost.add(host);
      }
    return lost;
  }
}

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
