import { gapOf, isNotFound, type Observed } from '@groundcrew/core';

/** What is asked at once. */
const AT_ONCE = 8;
/** What is asked at all. */
const MOST = 5_000;

/**
 * A list, with what others refer to and it has not, asked for one by one. A list is no proof that something is gone: what was made since
 * is not in it, nor is a server that was deleted softly. What was not found then is not there; what could not be asked is a gap.
 */
export async function withReferred<T extends { readonly id: string }>(
  list: Observed<readonly T[]>,
  referred: ReadonlySet<string>,
  get: (id: string) => Promise<T>,
): Promise<Observed<readonly T[]>> {
  // Of a list that is not whole nothing is claimed to be missing.
  if (list.completeness !== 'complete') return list;
  const known = new Set(list.value.map(({ id }) => id));
  const open = [...referred].filter((id) => !known.has(id));
  const found: T[] = [];
  const gaps = [...list.gaps];
  const next = open.slice(0, MOST)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const id of next)
      try {
        found.push(await get(id));
      } catch (error) {
        if (!isNotFound(error)) gaps.push(gapOf(`${list.source} ${id}`, error));
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (open.length > MOST)
    gaps.push({
      what: list.source,
      kind: 'cut',
      why: `${open.length} ids that others refer to are not in the list, and ${MOST} of them were asked for`,
      remedy: undefined,
      requestIds: [],
    });
  const value = [...list.value, ...found];
  return { ...list, value, gaps, completeness: gaps.length === 0 ? 'complete' : 'partial' };
}

/** A list in which some are as they are now: one that was changed meanwhile, or is gone, contradicts nobody. */
export async function readAgain<T extends { readonly id: string }>(
  list: Observed<readonly T[]>,
  doubtful: ReadonlySet<string>,
  get: (id: string) => Promise<T>,
): Promise<Observed<readonly T[]>> {
  if (doubtful.size === 0) return list;
  const now = await withReferred(
    { ...list, value: list.value.filter(({ id }) => !doubtful.has(id)) },
    doubtful,
    get,
  );
  // Of a list that is not whole nothing is read again: it stays as it was.
  return list.completeness === 'complete' ? now : list;
}
