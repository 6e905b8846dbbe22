import { type Cloud, type Gap, gapOf, type Observed } from '@groundcrew/core';

/** How many reads are under way at a time: services answer one user slower, not sooner, beyond some. */
const AT_A_TIME = 8;

/**
 * Reads something of each of many. What cannot be had of one becomes a gap, and so does what the list of many lacks.
 */
export async function gather<I, T>(
  cloud: Cloud,
  source: string,
  of: Observed<readonly I[]>,
  read: (item: I) => Promise<readonly T[]>,
  what: (item: I) => string,
): Promise<Observed<readonly T[]>> {
  const at = new Date(cloud.clock.now()).toISOString();
  const lists: (readonly T[])[] = [];
  const gaps: Gap[] = [];
  const next = of.value.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of next) {
      try {
        lists[index] = await read(item);
      } catch (error) {
        gaps.push(gapOf(what(item), error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const value = lists.flat();
  const completeness = completenessOf(of, gaps);
  return { value, at, source, completeness, gaps: [...of.gaps, ...gaps] };
}

function completenessOf<T>(
  of: Observed<readonly T[]>,
  gaps: readonly Gap[],
): Observed<unknown>['completeness'] {
  if (gaps.length === 0) return of.completeness;
  if (gaps.length < of.value.length) return 'partial';
  const [{ kind } = { kind: 'failed' as const }] = gaps;
  const alike = gaps.every((one) => one.kind === kind);
  return alike && kind !== 'cut' ? kind : 'failed';
}
