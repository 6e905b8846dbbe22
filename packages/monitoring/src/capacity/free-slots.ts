import { counted, type Observed, visible } from '@groundcrew/ground';
import type { CapacityFlavor, CapacitySnapshot } from './observe-capacity.ts';
import type { ZoneHosts, ZoneRoom } from './zone-count.ts';

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
  const { questions, unclear, unjudged } = flavor;
  const named = { flavor: visible(flavor.name), flavorId: flavor.id };
  const given = questions.map((key) => answers[key]);
  const rooms = given.map((answer) => answer?.value).filter((room) => room !== undefined);
  if (unclear.length > 0 || rooms.length < questions.length) {
    const because = [...unclear, ...given.flatMap((answer) => answer?.gaps.map(({ why }) => why) ?? [])];
    const places = zones.length === 0 ? [undefined] : zones;
    const slots = { lower: 0, upper: undefined };
    return places.map((zone) => ({ ...named, zone, slots, limitedBy: undefined, hosts: undefined, because }));
  }
  const all = new Set([...zones, ...rooms.flatMap((room) => room.zones.map(({ zone }) => zone))]);
  // Neither has Nova a host, nor has Placement anything to offer.
  if (all.size === 0) all.add(undefined);
  const isCut = rooms.some((room) => room.isCut);
  return Array.from(all, (zone) => {
    const found = rooms.flatMap((room) => room.zones.filter((each) => each.zone === zone));
    const isBounded = !isCut && found.every(({ upper }) => upper !== undefined);
    const upper = isBounded ? sum(found.map((each) => each.upper ?? 0)) : undefined;
    const lower = unjudged.length === 0 ? sum(found.map((each) => each.lower)) : 0;
    return {
      ...named,
      zone,
      slots: { lower, upper },
      limitedBy: limitOf(found[0]),
      hosts: found[0]?.hosts,
      because: lower === upper ? [] : reasons(unjudged, found, isCut, hosts),
    };
  });
}

/** Why the bounds of a zone differ. */
function reasons(
  unjudged: readonly string[],
  found: readonly ZoneRoom[],
  isCut: boolean,
  { gaps }: Observed<unknown>,
): string[] {
  return [
    ...unjudged.map((wish) => `${wish}: Nova judges it on each host, Placement does not`),
    ...found.flatMap(({ hosts }) =>
      Object.entries(hosts.doubtful).map(([why, count]) => `${counted(count, 'host')}: ${why}`),
    ),
    ...(isCut ? ['Placement has more candidates than it was asked for'] : []),
    ...(found.some(isDoubtful) ? gaps.map(({ why }) => why) : []),
    ...(found.some((room) => !isDoubtful(room) && room.lower !== room.upper)
      ? ['what is free is spread over several providers, and the order decides how much of it fits together']
      : []),
  ];
}

const isDoubtful = ({ hosts }: ZoneRoom): boolean => Object.keys(hosts.doubtful).length > 0;

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** The class that most hosts name. */
function limitOf(room: ZoneRoom | undefined): string | undefined {
  const [most] = Object.entries(room?.limits ?? {}).toSorted(
    ([a, first], [b, second]) => second - first || (a < b ? -1 : 1),
  );
  return most?.[0] === '' ? undefined : most?.[0];
}
