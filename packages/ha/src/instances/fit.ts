import TinyQueue from 'tinyqueue';
import { Groups } from './groups.ts';
import { sizeKey } from './needs.ts';
import type { Capacity, CloudView, HostView, ServerView } from './situation.ts';

/** Whether the other hosts have room, and who would go where: an estimate, since the scheduler has the last word. */
export interface Fit {
  /** `unknown` if what decides about a server without a place is not known: a host's capacity, a group's policy. */
  readonly verdict: 'fits' | 'does-not-fit' | 'unknown';
  /** Host by server. */
  readonly placed: ReadonlyMap<string, string>;
  /** Servers without a place, each with the reason. */
  readonly unplaced: readonly { readonly server: string; readonly reason: string }[];
}

/** By what the scheduler binds servers, beside room. */
export interface FitRules extends Pick<CloudView, 'groups' | 'candidates'> {
  /** The zone in which a server must stay; `undefined` of one that may go to any. @default none is bound */
  readonly zoneOf?: ((server: ServerView) => string | undefined) | undefined;
}

interface Room {
  readonly host: string;
  readonly free: { vcpus: number; memory: number; disk: number };
  /** What is free of further resource classes. */
  readonly others: Record<string, number>;
}

/**
 * First fit, in the order of recovery, onto the host with the most free memory. What binds in Nova binds here: strict server
 * groups, zones, what Placement says of a size. Members of a soft group are kept apart where they can be.
 *
 * @param residents servers that stay where they are, for the groups that they are in
 */
export function fit(
  servers: readonly ServerView[],
  hosts: readonly HostView[],
  residents: Iterable<ServerView> = [],
  { groups: policies, candidates, zoneOf = () => undefined }: FitRules = {},
): Fit {
  const { rooms, unseen, usable } = roomsOf(hosts, zonesWanted(servers, zoneOf));
  const queues = new Map(
    Array.from(rooms, ([zone, some]) => [zone, new TinyQueue(some.slice(), mostMemory)]),
  );
  const everywhere = [...queues.values()];
  const groups = new Groups(policies, residents, servers);
  const placed = new Map<string, string>();
  const unplaced: { server: string; reason: string }[] = [];
  let unknown = unseen.length > 0;
  for (const server of servers) {
    const zone = zoneOf(server);
    const able = candidates?.get(sizeKey(server.needs));
    const near = zone === undefined ? everywhere : [queues.get(zone) ?? NO_ROOMS];
    const uncounted = server.needs.uncounted;
    const taken = uncounted === undefined ? take(near, server, groups, able) : undefined;
    if (taken === undefined) {
      if (uncounted !== undefined || groups.isUnknown(server)) unknown = true;
      const reason =
        uncounted === undefined
          ? whyNot(server, { rooms, unseen, usable, zone, able, groups })
          : `whether a host has ${uncounted} is not known`;
      unplaced.push({ server: server.id, reason });
      continue;
    }
    const { room, queue } = taken;
    room.free.vcpus -= server.needs.vcpus;
    room.free.memory -= server.needs.memory;
    room.free.disk -= server.needs.disk;
    if (server.needs.others !== undefined)
      for (const [kind, amount] of Object.entries(server.needs.others))
        room.others[kind] = (room.others[kind] ?? 0) - amount;
    queue.push(room);
    placed.set(server.id, room.host);
    groups.move(server, room.host);
  }
  const verdict = unplaced.length === 0 ? 'fits' : unknown ? 'unknown' : 'does-not-fit';
  return { verdict, placed, unplaced };
}

const NOTHING: Readonly<Record<string, number>> = {};
const mostMemory = (a: Room, b: Room): number => b.free.memory - a.free.memory || (a.host < b.host ? -1 : 1);
const NO_ROOMS = new TinyQueue<Room>([], mostMemory);

/** The zones in which places are looked for; `undefined`: in all. */
function zonesWanted(
  servers: readonly ServerView[],
  zoneOf: NonNullable<FitRules['zoneOf']>,
): ReadonlySet<string> | undefined {
  const zones = new Set<string>();
  for (const server of servers) {
    const zone = zoneOf(server);
    if (zone === undefined) return undefined;
    zones.add(zone);
  }
  return zones;
}

interface Rooms {
  /** By zone. */
  readonly rooms: ReadonlyMap<string, readonly Room[]>;
  /** Hosts whose capacity is not known. */
  readonly unseen: readonly string[];
  /** Hosts of all zones that are up and enabled. */
  readonly usable: number;
}

function roomsOf(hosts: readonly HostView[], zones: ReadonlySet<string> | undefined): Rooms {
  const rooms = new Map<string, Room[]>();
  const unseen: string[] = [];
  let usable = 0;
  for (const { host, up, enabled, forcedDown, free, zone } of hosts) {
    if (!up || !enabled || forcedDown) continue;
    usable += 1;
    if (zones?.has(zone) === false) continue;
    if (free === undefined) {
      unseen.push(host);
      continue;
    }
    const { vcpus, memory, disk, others } = free;
    const room = { host, free: { vcpus, memory, disk }, others: others === undefined ? {} : { ...others } };
    const some = rooms.get(zone);
    if (some === undefined) rooms.set(zone, [room]);
    else some.push(room);
  }
  return { rooms, unseen, usable };
}

interface Taken {
  readonly room: Room;
  readonly queue: TinyQueue<Room>;
}

/** Takes the best host out of its queue; those that it passes over go back. */
function take(
  queues: readonly TinyQueue<Room>[],
  server: ServerView,
  groups: Groups,
  able: ReadonlySet<string> | undefined,
): Taken | undefined {
  const { needs } = server;
  const passed: Taken[] = [];
  let second: Taken | undefined;
  let found: Taken | undefined;
  for (let next = best(queues); next !== undefined; next = best(queues)) {
    const { room } = next;
    if (room.free.memory < needs.memory) {
      // All others have less.
      passed.push(next);
      break;
    }
    const allowed = hasRoom(room, needs) && (able === undefined || able.has(room.host));
    const company = allowed ? groups.judge(server, room.host) : 'no';
    if (company === 'yes') {
      found = next;
      break;
    }
    if (company === 'rather-not' && second === undefined) second = next;
    else passed.push(next);
  }
  for (const { room, queue } of passed) queue.push(room);
  if (found !== undefined && second !== undefined) second.queue.push(second.room);
  return found ?? second;
}

function best(queues: readonly TinyQueue<Room>[]): Taken | undefined {
  let queue: TinyQueue<Room> | undefined;
  for (const one of queues) {
    const top = one.peek();
    if (top === undefined) continue;
    const leading = queue?.peek();
    if (leading === undefined || mostMemory(top, leading) < 0) queue = one;
  }
  const room = queue?.pop();
  return room === undefined || queue === undefined ? undefined : { room, queue };
}

function hasRoom({ free, others }: Room, needs: Capacity): boolean {
  if (free.vcpus < needs.vcpus || free.disk < needs.disk || free.memory < needs.memory) return false;
  if (needs.others === undefined) return true;
  // What a host does not count it does not have.
  return Object.entries(needs.others).every(([kind, amount]) => (others[kind] ?? 0) >= amount);
}

interface Around extends Rooms {
  readonly zone: string | undefined;
  readonly able: ReadonlySet<string> | undefined;
  readonly groups: Groups;
}

function whyNot(server: ServerView, { rooms, unseen, usable, zone, able, groups }: Around): string {
  if (unseen.length > 0) {
    const [first] = unseen;
    return `no room on hosts whose capacity is known; not known of ${unseen.length}, ${first} among them`;
  }
  if (usable === 0) return 'no other host is up and enabled';
  const near = zone === undefined ? [...rooms.values()].flat() : (rooms.get(zone) ?? []);
  if (near.length === 0) return `no other host of its zone ${zone} is up and enabled`;
  const { needs } = server;
  const most = { vcpus: 0, memory: 0, disk: 0 };
  for (const { free } of near) for (const kind of KINDS) most[kind] = Math.max(most[kind], free[kind]);
  const words = KINDS.filter((kind) => most[kind] < needs[kind]).map(
    (kind) => `${kind}: ${needs[kind]} needed, ${most[kind]} free at most`,
  );
  for (const [kind, amount] of Object.entries(needs.others ?? NOTHING)) {
    const free = Math.max(...near.map((room) => room.others[kind] ?? 0));
    if (free < amount) words.push(`${kind}: ${amount} needed, ${free} free at most`);
  }
  if (words.length > 0) return words.join('; ');
  const roomy = near.filter((room) => hasRoom(room, needs));
  if (roomy.length === 0) return 'no single host has enough of everything';
  if (able !== undefined && !roomy.some(({ host }) => able.has(host)))
    return `Placement has no candidate for ${sizeKey(needs)}`;
  return groups.why(server);
}

const KINDS = ['vcpus', 'memory', 'disk'] as const;
