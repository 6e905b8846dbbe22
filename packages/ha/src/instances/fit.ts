import type { Capacity, HostView, ServerView } from './situation.ts';

/** Whether the other hosts have room, and who would go where: an estimate, since the scheduler has the last word. */
export interface Fit {
  /** `unknown` if the free capacity of a host that could take servers is not known and the known ones do not suffice. */
  readonly verdict: 'fits' | 'does-not-fit' | 'unknown';
  readonly placed: ReadonlyMap<string, string>;
  /** Servers without a place, each with the reason. */
  readonly unplaced: readonly { readonly server: string; readonly reason: string }[];
}

/**
 * First fit, in the order of recovery, onto the host with the most free memory. Members of a server group are kept
 * apart where they can be: which policy the group has is the scheduler's business.
 */
export function fit(
  servers: readonly ServerView[],
  hosts: readonly HostView[],
  residents: readonly ServerView[] = [],
): Fit {
  const takes = hosts.filter(({ up, enabled, forcedDown }) => up && enabled && !forcedDown);
  const unseen = takes.filter(({ free }) => free === undefined).map(({ host }) => host);
  const room = new Map(
    takes.flatMap(({ host, free }) => (free === undefined ? [] : [[host, { ...free }] as const])),
  );
  const groups = new Map<string, Set<string>>();
  const member = (group: string, host: string): void => {
    groups.set(group, (groups.get(group) ?? new Set()).add(host));
  };
  for (const { host, groups: mine } of residents)
    if (host !== undefined) for (const group of mine) member(group, host);

  const placed = new Map<string, string>();
  const unplaced: { server: string; reason: string }[] = [];
  for (const server of servers) {
    const fitting = [...room].filter(([, free]) => enough(free, server.needs));
    const apart = fitting.filter(([host]) => !server.groups.some((group) => groups.get(group)?.has(host)));
    const [best] = (apart.length > 0 ? apart : fitting).toSorted(
      ([a, freeA], [b, freeB]) => freeB.memory - freeA.memory || (a < b ? -1 : 1),
    );
    if (best === undefined) {
      unplaced.push({ server: server.id, reason: whyNot(server.needs, [...room.values()], unseen) });
      continue;
    }
    const [host, free] = best;
    room.set(host, less(free, server.needs));
    placed.set(server.id, host);
    for (const group of server.groups) member(group, host);
  }
  const verdict = unplaced.length === 0 ? 'fits' : unseen.length > 0 ? 'unknown' : 'does-not-fit';
  return { verdict, placed, unplaced };
}

const enough = (free: Capacity, needs: Capacity): boolean =>
  free.vcpus >= needs.vcpus && free.memory >= needs.memory && free.disk >= needs.disk;

const less = (free: Capacity, taken: Capacity): Capacity => ({
  vcpus: free.vcpus - taken.vcpus,
  memory: free.memory - taken.memory,
  disk: free.disk - taken.disk,
});

function whyNot(needs: Capacity, rooms: readonly Capacity[], unseen: readonly string[]): string {
  if (unseen.length > 0) return `no room on hosts whose capacity is known; not known of ${unseen.join(', ')}`;
  if (rooms.length === 0) return 'no other host is up and enabled';
  const words = (['vcpus', 'memory', 'disk'] as const)
    .filter((kind) => rooms.every((free) => free[kind] < needs[kind]))
    .map(
      (kind) =>
        `${kind}: ${needs[kind]} needed, ${Math.max(...rooms.map((free) => free[kind]))} free at most`,
    );
  return words.length > 0 ? words.join('; ') : 'no single host has enough of everything';
}
