import type { Cloud } from '@groundcrew/core';
import { within } from '../fencing/within.ts';
import { placeServers } from './place-servers.ts';
import type { CloudView } from './situation.ts';
import { withCapacity } from './with-capacity.ts';
import { zoneBinding } from './zone-binding.ts';

/** The time that the servers of a dead host wait for Placement, in milliseconds. */
const PATIENCE = 5_000;

/**
 * The free capacity of the other hosts, for the plan of each recovery. While somebody is asked about that plan it stays as it
 * was: every server that comes or goes would make another plan of it, and the answer would be to a question of before.
 */
export class FreeCapacity {
  readonly #cloud: Cloud;
  readonly #seen = new Map<string, CloudView>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /**
   * The view with what is free in it, as far as Placement tells in time: a recovery does not wait for an estimate.
   *
   * @param others servers that other recoveries move: a rack that dies is many hosts, and one room
   * @param asked whether somebody is being asked about the recovery of that host
   */
  async of(
    host: string,
    view: CloudView,
    { others, asked }: { readonly others: ReadonlySet<string>; readonly asked: boolean },
    signal: AbortSignal,
  ): Promise<CloudView> {
    const seen = asked ? this.#seen.get(host) : undefined;
    if (seen !== undefined) return withFreeOf(view, seen);
    const fresh = without(others, await this.#read(view, signal));
    this.#seen.set(host, fresh);
    return fresh;
  }

  async #read(view: CloudView, signal: AbortSignal): Promise<CloudView> {
    try {
      return await within(PATIENCE, signal, (limited) =>
        withCapacity(this.#cloud, view, { signal: limited }),
      );
    } catch {
      // Nothing is free that was not seen to be: the plan says that it is unknown.
      signal.throwIfAborted();
      return view;
    }
  }
}

/** The view in which these servers have found their places: what they take is not free. */
function without(others: ReadonlySet<string>, view: CloudView): CloudView {
  const { hosts, servers = [] } = view;
  // Whose hosts nobody could see has no room to say anything of.
  if (hosts === undefined) return view;
  const moving = servers.filter(({ id }) => others.has(id));
  if (moving.length === 0) return view;
  const { placed } = placeServers(moving, hosts, servers, {
    groups: view.groups,
    candidates: view.candidates,
    zoneOf: zoneBinding(hosts),
  });
  const taken = Map.groupBy(moving, ({ id }) => placed.get(id));
  return {
    ...view,
    hosts: hosts.map((hostView) => {
      const free = hostView.free && { ...hostView.free, others: { ...hostView.free.others } };
      for (const { needs } of taken.get(hostView.host) ?? []) {
        if (free === undefined) break;
        free.vcpus -= needs.vcpus;
        free.memory -= needs.memory;
        free.disk -= needs.disk;
        for (const [kind, amount] of Object.entries(needs.others ?? {}))
          free.others[kind] = (free.others[kind] ?? 0) - amount;
      }
      return { ...hostView, free };
    }),
  };
}

function withFreeOf(view: CloudView, { hosts, candidates }: CloudView): CloudView {
  const free = new Map(hosts?.map((hostView) => [hostView.host, hostView.free]));
  return {
    ...view,
    candidates,
    hosts: view.hosts?.map((hostView) => ({ ...hostView, free: free.get(hostView.host) })),
  };
}
