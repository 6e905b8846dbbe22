import type { ExposureCriteria } from './exposure.ts';
import { exposureOf, type Exposure, type GroupExposure } from './group-exposure.ts';
import type { Port } from '../snapshot/snapshot.ts';

/** An exposure that groups make together and none of them alone, for ports that use them together. */
export interface CombinedExposure {
  readonly groups: readonly GroupExposure[];
  readonly ports: readonly Port[];
  readonly exposures: readonly Exposure[];
}

/**
 * A port lets in what any of its groups lets in: half of the addresses by one group and half by another are all.
 * Each combination is looked at once, however many ports have it.
 */
export function combinedExposures(
  judged: ReadonlyMap<string, GroupExposure>,
  ports: readonly Port[],
  criteria: ExposureCriteria,
): CombinedExposure[] {
  // A port that does not show its groups is told by `unseenPortFindings`, a group that is in no list by `unlistedGroupFindings`.
  const sharing = ports.filter((port) => (port.security_groups?.length ?? 0) > 1);
  const byGroups = Map.groupBy(sharing, (port) => (port.security_groups ?? []).toSorted().join(' '));
  return [...byGroups].flatMap(([key, users]) => {
    const groups = key.split(' ').flatMap((id) => judged.get(id) ?? []);
    const exposures = (groups[0]?.exposures ?? []).map((_, index) =>
      together(
        groups.flatMap((group) => group.exposures[index] ?? []),
        criteria,
      ),
    );
    const more = exposures.flatMap((exposure) => exposure ?? []);
    return more.length > 0 ? [{ groups, ports: users, exposures: more }] : [];
  });
}

function together(alone: readonly Exposure[], criteria: ExposureCriteria): Exposure | undefined {
  const [first] = alone;
  if (first === undefined || alone.length < 2) return undefined;
  const all = exposureOf(
    alone.flatMap((exposure) => exposure.rules),
    first.family,
    criteria,
  );
  const known = new Set(alone.flatMap((exposure) => exposure.ports.map(({ port }) => port)));
  const wide = alone.some((exposure) => exposure.wide !== undefined) ? undefined : all.wide;
  const ports = all.ports.filter(({ port }) => !known.has(port));
  // A doubt about one of them alone is told with that group.
  const doubts = alone.some((exposure) => exposure.doubts.length > 0) ? [] : all.doubts;
  return wide === undefined && ports.length === 0 && doubts.length === 0
    ? undefined
    : { ...all, wide, ports, doubts };
}
