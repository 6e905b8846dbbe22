import { type Cloud, gapOf, isNotFound, observeList, type Observed } from '@groundcrew/core';
import type { OrphanAllocation } from './orphan-sources.ts';

/** What is asked at once. */
const AT_ONCE = 8;

/**
 * What every consumer holds. Placement has no list of it: each provider is asked, as `nova-manage placement audit` does. A provider that
 * could not be asked is a gap; one that went meanwhile holds nothing for anybody.
 */
export async function readAllocations(
  cloud: Cloud,
  { signal, now }: { readonly signal: AbortSignal | undefined; readonly now: () => number },
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
        if (!isNotFound(error)) gaps.push(gapOf(`allocations of ${name}`, error));
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
