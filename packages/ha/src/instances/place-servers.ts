import TinyQueue from 'tinyqueue';
import { Groups } from './groups.ts';
import { sizeKey } from './needs.ts';
import type { Capacity, CloudView, HostView, ServerView } from './situation.ts';

/** An estimate whether the other hosts have room, and of the host of each server; the scheduler decides. */
export interface ServerPlacement {
  /**
   * `unknown` if what decides about a server is not known: a host's capacity, a group's policy, whether it is in a group.
   */
  readonly verdict: 'fits' | 'does-not-fit' | 'unknown';
  /** The reason why nothing is promised of servers that have found a place; `undefined` if there is none. */
  readonly doubt: string | undefined;
  /** Host by server. */
  readonly placed: ReadonlyMap<string, string>;
  /** Servers without a place, each with the reason. */
  readonly unplaced: readonly { readonly server: string; readonly reason: string }[];
}

/** The rules by which the scheduler binds servers, beside room. */
export interface PlacementRules extends Pick<CloudView, 'groups' | 'candidates'> {
  /** The zone in which a server must stay; `undefined` of one that may go to any. @default none is bound */
  readonly zoneOf?: ((server: ServerView) => string | undefined) | undefined;
}

interface HostCapacity {
  readonly host: string;
  readonly free: { vcpus: number; memory: number; disk: number };
  /** The free amounts of further resource classes. */
  readonly others: Record<string, number>;
}

/**
 * First fit, in the order of recovery, onto the host with the most free memory. What binds in Nova binds here: strict server
 * groups, zones, what Placement says of a size. Members of a soft group are kept apart where they can be.
 *
 * @param residents servers that stay where they are, for the groups that they are in
 */
export function placeServers(
  servers: readonly ServerView[],
  hosts: readonly HostView[],
  residents: Iterable<ServerView> = [],
  { groups: policies, candidates, zoneOf = () => undefined }: PlacementRules = {},
): ServerPlacement {
  const { byZone, unseen, usable } = capacityByZone(hosts, zonesWanted(servers, zoneOf));
  const queues = new Map(
    Array.from(byZone, ([zone, some]) => [zone, new TinyQueue(some.slice(), mostMemory)]),
  );
  const everywhere = [...queues.values()];
  const groups = new Groups(policies, residents, servers);
  const placed = new Map<string, string>();
  const unplaced: { server: string; reason: string }[] = [];
  let unknown = unseen.length > 0;
  for (const server of servers) {
    const zone = zoneOf(server);
    const able = candidates?.get(sizeKey(server.needs));
    const near = zone === undefined ? everywhere : [queues.get(zone) ?? NO_CAPACITY];
    const uncounted = server.needs.uncounted ?? traitsNotAsked(server.needs, able);
    const taken = uncounted === undefined ? take(near, server, groups, able) : undefined;
    if (taken === undefined) {
      const notKnown = uncounted ?? disksNotCounted(server.needs, byZone, able);
      if (notKnown !== undefined || groups.isUnknown(server)) unknown = true;
      const reason =
        notKnown === undefined
          ? whyUnplaced(server, { byZone, unseen, usable, zone, able, groups })
          : `whether a host has ${notKnown} is not known`;
      unplaced.push({ server: server.id, reason });
      continue;
    }
    const { capacity, queue } = taken;
    capacity.free.vcpus -= server.needs.vcpus;
    capacity.free.memory -= server.needs.memory;
    capacity.free.disk -= server.needs.disk;
    if (server.needs.others !== undefined)
      for (const [kind, amount] of Object.entries(server.needs.others))
        capacity.others[kind] = (capacity.others[kind] ?? 0) - amount;
    queue.push(capacity);
    placed.set(server.id, capacity.host);
    groups.move(server, capacity.host);
  }
  // Servers of which the list of groups is missing may be kept apart, or together, by a strict one.
  const doubt = servers.some(({ groups: own }) => own === undefined)
    ? 'the server groups could not be read, and a strict one binds'
    : undefined;
  // What has no place without any group has none with them.
  const isUnknown = unplaced.length === 0 ? doubt !== undefined : unknown;
  const verdict = isUnknown ? 'unknown' : unplaced.length === 0 ? 'fits' : 'does-not-fit';
  return { verdict, doubt, placed, unplaced };
}

const NOTHING: Readonly<Record<string, number>> = {};
const mostMemory = (a: HostCapacity, b: HostCapacity): number =>
  b.free.memory - a.free.memory || (a.host < b.host ? -1 : 1);
const NO_CAPACITY = new TinyQueue<HostCapacity>([], mostMemory);

/** The zones in which places are looked for; `undefined`: in all. */
function zonesWanted(
  servers: readonly ServerView[],
  zoneOf: NonNullable<PlacementRules['zoneOf']>,
): ReadonlySet<string> | undefined {
  const zones = new Set<string>();
  for (const server of servers) {
    const zone = zoneOf(server);
    if (zone === undefined) return undefined;
    zones.add(zone);
  }
  return zones;
}

interface CapacityByZone {
  /** By zone. */
  readonly byZone: ReadonlyMap<string | undefined, readonly HostCapacity[]>;
  /** Hosts whose capacity is not known. */
  readonly unseen: readonly string[];
  /** Hosts of all zones that are up and enabled. */
  readonly usable: number;
}

function capacityByZone(hosts: readonly HostView[], zones: ReadonlySet<string> | undefined): CapacityByZone {
  const byZone = new Map<string | undefined, HostCapacity[]>();
  const unseen: string[] = [];
  let usable = 0;
  for (const { host, up, enabled, forcedDown, free, zone } of hosts) {
    if (!up || !enabled || forcedDown) continue;
    usable += 1;
    if (zone !== undefined && zones?.has(zone) === false) continue;
    // One whose zone is not told may be in any of them.
    if (free === undefined || (zone === undefined && zones !== undefined)) {
      unseen.push(host);
      continue;
    }
    const { vcpus, memory, disk, others } = free;
    const capacity = {
      host,
      free: { vcpus, memory, disk },
      others: others === undefined ? {} : { ...others },
    };
    const some = byZone.get(zone);
    if (some === undefined) byZone.set(zone, [capacity]);
    else some.push(capacity);
  }
  return { byZone, unseen, usable };
}

interface Taken {
  readonly capacity: HostCapacity;
  readonly queue: TinyQueue<HostCapacity>;
}

/** Takes the best host out of its queue; those that it passes over go back. */
function take(
  queues: readonly TinyQueue<HostCapacity>[],
  server: ServerView,
  groups: Groups,
  able: ReadonlySet<string> | undefined,
): Taken | undefined {
  const { needs } = server;
  const passed: Taken[] = [];
  let second: Taken | undefined;
  let found: Taken | undefined;
  for (let next = best(queues); next !== undefined; next = best(queues)) {
    const { capacity } = next;
    if (capacity.free.memory < needs.memory) {
      // All others have less.
      passed.push(next);
      break;
    }
    const allowed =
      hasCapacity(capacity, needs) &&
      (able === undefined ? needs.disk === 0 || countsDisks(capacity) : able.has(capacity.host));
    const company = allowed ? groups.judge(server, capacity.host) : 'no';
    if (company === 'yes') {
      found = next;
      break;
    }
    if (company === 'rather-not' && second === undefined) second = next;
    else passed.push(next);
  }
  for (const { capacity, queue } of passed) queue.push(capacity);
  if (found !== undefined && second !== undefined) second.queue.push(second.capacity);
  return found ?? second;
}

function best(queues: readonly TinyQueue<HostCapacity>[]): Taken | undefined {
  let queue: TinyQueue<HostCapacity> | undefined;
  for (const candidate of queues) {
    const top = candidate.peek();
    if (top === undefined) continue;
    const leading = queue?.peek();
    if (leading === undefined || mostMemory(top, leading) < 0) queue = candidate;
  }
  const capacity = queue?.pop();
  return capacity === undefined || queue === undefined ? undefined : { capacity, queue };
}

function hasCapacity({ free, others }: HostCapacity, needs: Capacity): boolean {
  if (free.vcpus < needs.vcpus || free.disk < needs.disk || free.memory < needs.memory) return false;
  if (needs.others === undefined) return true;
  // What a host does not count it does not have.
  return Object.entries(needs.others).every(([kind, amount]) => (others[kind] ?? 0) >= amount);
}

/** `withCapacity` has no number for a host whose provider does not count disks: a provider of shared storage may. */
const countsDisks = ({ free }: HostCapacity): boolean => free.disk < Number.MAX_SAFE_INTEGER / 2;

/** Which hosts have a trait only Placement says, of the size that it was asked about. */
const traitsNotAsked = (
  { traits = [] }: Capacity,
  able: ReadonlySet<string> | undefined,
): string | undefined => (able === undefined && traits.length > 0 ? traits.join(', ') : undefined);

/** Whether shared storage has room only Placement says, too. */
const disksNotCounted = (
  { disk }: Capacity,
  byZone: CapacityByZone['byZone'],
  able: ReadonlySet<string> | undefined,
): string | undefined =>
  able === undefined && disk > 0 && [...byZone.values()].flat().some((capacity) => !countsDisks(capacity))
    ? `${disk} GiB of disk`
    : undefined;

interface Circumstances extends CapacityByZone {
  readonly zone: string | undefined;
  readonly able: ReadonlySet<string> | undefined;
  readonly groups: Groups;
}

function whyUnplaced(
  server: ServerView,
  { byZone, unseen, usable, zone, able, groups }: Circumstances,
): string {
  if (unseen.length > 0) {
    const [first] = unseen;
    return `no room on hosts whose capacity is known; not known of ${unseen.length}, ${first} among them`;
  }
  if (usable === 0) return 'no other host is up and enabled';
  const near = zone === undefined ? [...byZone.values()].flat() : (byZone.get(zone) ?? []);
  if (near.length === 0) return `no other host of its zone ${zone} is up and enabled`;
  const { needs } = server;
  const most = { vcpus: 0, memory: 0, disk: 0 };
  for (const { free } of near) for (const kind of KINDS) most[kind] = Math.max(most[kind], free[kind]);
  const words = KINDS.filter((kind) => most[kind] < needs[kind]).map(
    (kind) => `${kind}: ${needs[kind]} needed, ${most[kind]} free at most`,
  );
  for (const [kind, amount] of Object.entries(needs.others ?? NOTHING)) {
    const free = Math.max(...near.map((capacity) => capacity.others[kind] ?? 0));
    if (free < amount) words.push(`${kind}: ${amount} needed, ${free} free at most`);
  }
  if (words.length > 0) return words.join('; ');
  const enough = near.filter((capacity) => hasCapacity(capacity, needs));
  if (enough.length === 0) return 'no single host has enough of everything';
  if (able !== undefined && !enough.some(({ host }) => able.has(host)))
    return `Placement has no candidate for ${sizeKey(needs)}`;
  return groups.why(server);
}

const KINDS = ['vcpus', 'memory', 'disk'] as const;
