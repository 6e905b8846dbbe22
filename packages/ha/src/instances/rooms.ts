import type { Cloud } from '@groundcrew/core';
import { within } from '../fencing/within.ts';
import type { CloudView } from './situation.ts';
import { withCapacity } from './with-capacity.ts';

/** What the servers of a dead host wait for Placement, in seconds. */
const PATIENCE = 5;

/**
 * What the other hosts have free, for the plan of each recovery. While somebody is asked about that plan it stays as it
 * was: every server that comes or goes would make another plan of it, and the answer would be to a question of before.
 */
export class Rooms {
  readonly #cloud: Cloud;
  readonly #seen = new Map<string, CloudView>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /**
   * The view with what is free in it, as far as Placement tells in time: a recovery does not wait for an estimate.
   *
   * @param asked whether somebody is being asked about the recovery of that host
   */
  async of(host: string, view: CloudView, asked: boolean, signal: AbortSignal): Promise<CloudView> {
    const seen = asked ? this.#seen.get(host) : undefined;
    if (seen !== undefined) return withFreeOf(view, seen);
    const fresh = await this.#read(view, signal);
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

function withFreeOf(view: CloudView, { hosts }: CloudView): CloudView {
  const free = new Map(hosts?.map((one) => [one.host, one.free]));
  return { ...view, hosts: view.hosts?.map((one) => ({ ...one, free: free.get(one.host) })) };
}
