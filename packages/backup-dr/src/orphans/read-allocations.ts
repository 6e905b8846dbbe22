import { type Cloud, gapOf, observeList, type Observed } from '@groundcrew/core';
import { type OrphanAllocation, type OrphanServer, placeOf } from './orphan-sources.ts';

/** What is asked at once. */
const AT_ONCE = 8;
/** What is asked at all. */
const MOST = 5_000;

interface Reading {
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
}

/**
 * What every consumer holds. Placement has no list of it: each provider is asked, as `nova-manage placement audit` does. A provider that
 * did not answer is a gap, also one that is said to be gone.
 */
export async function readAllocations(
  cloud: Cloud,
  { signal, now }: Reading,
): Promise<Observed<readonly OrphanAllocation[]>> {
  // From 1.28 on each has the number by which a change of it is noticed.
  const { resourceProviders, allocations } = cloud.placement.at('1.28');
  const providers = await observeList('allocations', resourceProviders.list({}, { signal }), { now });
  const held = new Map<string, { readonly generation: number | null; readonly providers: string[] }>();
  const gaps = [...providers.gaps];
  const next = providers.value[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const { uuid, name } of next)
      try {
        const told = await allocations.ofProvider({ resource_provider_id: uuid }, { signal });
        for (const [consumer, { consumer_generation: generation }] of Object.entries(told.allocations)) {
          const known = held.get(consumer) ?? { generation, providers: [] };
          known.providers.push(name);
          held.set(consumer, known);
        }
      } catch (error) {
        signal?.throwIfAborted();
        gaps.push(gapOf(`allocations of ${name}`, error));
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    ...providers,
    value: [...held].map(([consumer, { generation, providers: names }]) => ({
      consumer,
      generation,
      providers: names.toSorted(),
    })),
    gaps,
    completeness:
      providers.completeness === 'complete' && gaps.length > 0 ? 'partial' : providers.completeness,
  };
}

/**
 * Allocations, with those of servers that must have some and were seen with none, asked for one by one: what was built since is in no
 * provider's list.
 */
export async function withAllocationsOf(
  cloud: Cloud,
  list: Observed<readonly OrphanAllocation[]>,
  servers: readonly OrphanServer[],
  signal: AbortSignal | undefined,
): Promise<Observed<readonly OrphanAllocation[]>> {
  // Of a list that is not whole nothing is claimed to be missing.
  if (list.completeness !== 'complete') return list;
  const { allocations } = cloud.placement.at('1.28');
  const holding = new Set(list.value.map(({ consumer }) => consumer));
  const open = servers.filter((server) => placeOf(server) !== undefined && !holding.has(server.id));
  const found: OrphanAllocation[] = [];
  const gaps = [...list.gaps];
  const next = open.slice(0, MOST)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const { id } of next)
      try {
        const held = await allocations.get({ id }, { signal });
        const providers = Object.keys(held.allocations);
        if (providers.length > 0)
          found.push({ consumer: id, generation: held.consumer_generation ?? null, providers });
      } catch (error) {
        signal?.throwIfAborted();
        gaps.push(gapOf(`allocations of ${id}`, error));
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (open.length > MOST)
    gaps.push({
      what: list.source,
      kind: 'cut',
      why: `${open.length} servers were seen with no allocations, and ${MOST} of them were asked for`,
      remedy: undefined,
      requestIds: [],
    });
  const completeness = gaps.length === 0 ? 'complete' : 'partial';
  return { ...list, value: [...list.value, ...found], gaps, completeness };
}
