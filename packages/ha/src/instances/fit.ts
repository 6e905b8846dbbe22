import TinyQueue from 'tinyqueue';
import type { Capacity, HostView, ServerView } from './situation.ts';

/** Whether the other hosts have room, and who would go where: an estimate, since the scheduler has the last word. */
export interface Fit {
  /** `unknown` if the free capacity of a host that could take servers is not known and the known ones do not suffice. */
  readonly verdict: 'fits' | 'does-not-fit' | 'unknown';
  /** Host by server. */
  readonly placed: ReadonlyMap<string, string>;
  /** Servers without a place, each with the reason. */
  readonly unplaced: readonly { readonly server: string; readonly reason: string }[];
}

interface Room {
  readonly host: string;
  readonly free: { vcpus: number; memory: number; disk: number };
}

/**
 * First fit, in the order of recovery, onto the host with the most free memory. Members of a server group are kept
 * apart where they can be: which policy the group has is the scheduler's business.
 *
 * @param residents servers that stay where they are, for the groups that they are in
 */
export function fit(
  servers: readonly ServerView[],
  hosts: readonly HostView[],
  residents: Iterable<ServerView> = [],
): Fit {
  const rooms: Room[] = [];
  const unseen: string[] = [];
  for (const { host, up, enabled, forcedDown, free } of hosts) {
    if (!up || !enabled || forcedDown) continue;
    if (free === undefined) unseen.push(host);
    else rooms.push({ host, free: { ...free } });
  }
  const groups = new Groups(residents);
  const queue = new TinyQueue(rooms, (a, b) => b.free.memory - a.free.memory || (a.host < b.host ? -1 : 1));
  const placed = new Map<string, string>();
  const unplaced: { server: string; reason: string }[] = [];
  for (const server of servers) {
    const room = take(queue, server, groups);
    if (room === undefined) {
      unplaced.push({ server: server.id, reason: whyNot(server.needs, rooms, unseen) });
      continue;
    }
    room.free.vcpus -= server.needs.vcpus;
    room.free.memory -= server.needs.memory;
    room.free.disk -= server.needs.disk;
    queue.push(room);
    placed.set(server.id, room.host);
    groups.add(server.groups, room.host);
  }
  const verdict = unplaced.length === 0 ? 'fits' : unseen.length > 0 ? 'unknown' : 'does-not-fit';
  return { verdict, placed, unplaced };
}

/** Takes the best host out of the queue; those that it passes over go back. */
function take(queue: TinyQueue<Room>, { needs, groups: mine }: ServerView, groups: Groups): Room | undefined {
  const passed: Room[] = [];
  let second: Room | undefined;
  let found: Room | undefined;
  for (let room = queue.pop(); room !== undefined; room = queue.pop()) {
    if (room.free.memory < needs.memory) {
      // All others have less.
      passed.push(room);
      break;
    }
    const fits = room.free.vcpus >= needs.vcpus && room.free.disk >= needs.disk;
    if (fits && !groups.meet(mine, room.host)) {
      found = room;
      break;
    }
    if (fits && second === undefined) second = room;
    else passed.push(room);
  }
  for (const room of passed) queue.push(room);
  if (found !== undefined && second !== undefined) queue.push(second);
  return found ?? second;
}

/** On which hosts the members of each group are. */
class Groups {
  readonly #hosts = new Map<string, Set<string>>();

  constructor(residents: Iterable<ServerView>) {
    for (const { groups, host } of residents) if (host !== undefined) this.add(groups, host);
  }

  add(groups: readonly string[], host: string): void {
    for (const group of groups) {
      const hosts = this.#hosts.get(group);
      if (hosts === undefined) this.#hosts.set(group, new Set([host]));
      else hosts.add(host);
    }
  }

  meet(groups: readonly string[], host: string): boolean {
    return groups.some((group) => this.#hosts.get(group)?.has(host));
  }
}

function whyNot(needs: Capacity, rooms: readonly Room[], unseen: readonly string[]): string {
  if (unseen.length > 0) {
    const [first] = unseen;
    return `no room on hosts whose capacity is known; not known of ${unseen.length}, ${first} among them`;
  }
  if (rooms.length === 0) return 'no other host is up and enabled';
  const most = { vcpus: 0, memory: 0, disk: 0 };
  for (const { free } of rooms) for (const kind of KINDS) most[kind] = Math.max(most[kind], free[kind]);
  const words = KINDS.filter((kind) => most[kind] < needs[kind]).map(
    (kind) => `${kind}: ${needs[kind]} needed, ${most[kind]} free at most`,
  );
  return words.length > 0 ? words.join('; ') : 'no single host has enough of everything';
}

const KINDS = ['vcpus', 'memory', 'disk'] as const;
