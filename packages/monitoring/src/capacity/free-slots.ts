import { counted, visible } from '@groundcrew/ground';
import type { CapacityAnswer, CapacityFlavor, CapacitySnapshot } from './observe-capacity.ts';
import type { ZoneHosts, ZoneRoom } from './zone-room.ts';

/** Bounds of a number of servers. */
export interface SlotBounds {
  /** So many fit for certain, in whichever order they come. */
  readonly lower: number;
  /** No more than so many fit; `undefined`: nobody knows. */
  readonly upper: number | undefined;
}

/** How many servers of a flavor fit into a zone. */
export interface FreeSlots {
  readonly flavor: string;
  readonly flavorId: string;
  /** `undefined`: hosts whose zone is not known, or a flavor of which nothing is known. */
  readonly zone: string | undefined;
  /**
   * Further servers of this flavor alone: rows of several flavors share the room, and those of several zones a storage that
   * both use.
   */
  readonly slots: SlotBounds;
  /** The resource class that runs out first on most hosts of the zone; `undefined` where it is none of them, or not known. */
  readonly limitedBy: string | undefined;
  /** Hosts of the zone; `undefined` where Placement did not answer. */
  readonly hosts: ZoneHosts | undefined;
  /** Why the bounds differ, or nothing is known; empty if they are equal. */
  readonly because: readonly string[];
}

/**
 * Further servers that fit, by flavor and zone. Pure.
 *
 * `lower` and `upper` are equal where Placement, the state of the hosts and Nova's default filters decide. Other filters are in
 * a configuration that no API shows.
 *
 * @example
 * for (const { flavor, zone, slots, because } of freeSlots(room)) console.log(flavor, zone, slots, because);
 * // m1.large az1 { lower: 120, upper: 120 } []
 */
export function freeSlots(room: CapacitySnapshot): readonly FreeSlots[] {
  const zones = [...new Set(room.hosts.value.map(({ zone }) => zone))];
  return room.flavors.value.flatMap((flavor) => slotsOf(flavor, room, zones));
}

function slotsOf(
  flavor: CapacityFlavor,
  { answers, hosts }: CapacitySnapshot,
  zones: readonly (string | undefined)[],
): FreeSlots[] {
  const named = { flavor: visible(flavor.name), flavorId: flavor.id };
  const given = flavor.questions.flatMap((key) => answers[key] ?? []);
  const failed = given.find(({ room }) => room.value === undefined);
  const nothing = (zone: string | undefined, because: readonly string[]): FreeSlots => ({
    ...named,
    zone,
    slots: { lower: 0, upper: undefined },
    limitedBy: undefined,
    hosts: undefined,
    because,
  });
  const places = zones.length === 0 ? [undefined] : zones;
  if (flavor.unclear.length > 0) return places.map((zone) => nothing(zone, flavor.unclear));
  if (failed !== undefined || given.length === 0)
    return places.map((zone) =>
      nothing(zone, failed?.room.gaps.map(({ why }) => why) ?? ['Placement was not asked']),
    );
  const all = new Set([
    ...zones,
    ...given.flatMap(({ room }) => room.value?.zones.map(({ zone }) => zone) ?? []),
  ]);
  // Neither has Nova a host, nor has Placement anything to offer.
  if (all.size === 0) all.add(undefined);
  return Array.from(all, (zone) => {
    const found = given.flatMap(({ room }) => room.value?.zones.filter((each) => each.zone === zone) ?? []);
    const isCut = given.some((answer) => answer.isCut);
    const isJudged = flavor.unjudged.length === 0;
    const uppers = found.map(({ upper }) => upper);
    const isBounded = !isCut && !uppers.includes(undefined);
    const upper = isBounded ? uppers.reduce<number>((sum, each) => sum + (each ?? 0), 0) : undefined;
    const lower = isJudged ? found.reduce((sum, each) => sum + each.lower, 0) : 0;
    const isExact = lower === upper;
    return {
      ...named,
      zone,
      slots: { lower, upper },
      limitedBy: limitOf(found[0]),
      hosts: found[0]?.hosts,
      because: isExact
        ? []
        : reasons(
            flavor,
            found,
            given,
            hosts.gaps.map(({ why }) => why),
          ),
    };
  });
}

function reasons(
  { unjudged }: CapacityFlavor,
  found: readonly ZoneRoom[],
  given: readonly CapacityAnswer[],
  hostGaps: readonly string[],
): string[] {
  const told = [
    ...unjudged.map((wish) => `${wish}: Nova judges it on each host, Placement does not`),
    ...found.flatMap(({ hosts }) =>
      Object.entries(hosts.doubtful).map(([why, count]) => `${counted(count, 'host')}: ${why}`),
    ),
    ...(given.some(({ isCut }) => isCut) ? ['Placement has more candidates than it was asked for'] : []),
    ...(found.some(({ hosts }) => Object.keys(hosts.doubtful).length > 0) ? hostGaps : []),
  ];
  const isSplit = found.some(
    ({ lower, upper, hosts }) => lower !== upper && Object.keys(hosts.doubtful).length === 0,
  );
  if (isSplit)
    told.push(
      'what is free is spread over several providers, and the order decides how much of it fits together',
    );
  return [...new Set(told)];
}

/** The class that most hosts name. */
function limitOf(room: ZoneRoom | undefined): string | undefined {
  const [most] = Object.entries(room?.limits ?? {}).toSorted(
    ([a, first], [b, second]) => second - first || (a < b ? -1 : 1),
  );
  return most?.[0] === '' ? undefined : most?.[0];
}
