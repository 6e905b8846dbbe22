import { type Cloud, type Gap, gapOf, observeList, type Observed } from '@groundcrew/core';

/**
 * The number of reads that are under way at a time: beyond some number, services answer one user more slowly, not
 * sooner.
 */
const AT_A_TIME = 8;

/**
 * Reads something of each of many: a value, or a list whose odd elements are gaps of their own. What cannot be had of one
 * becomes a gap and keeps no other from being read, and so does what the list of many lacks.
 */
export async function gather<I, T>(
  cloud: Cloud,
  source: string,
  of: Observed<readonly I[]>,
  read: (item: I) => Promise<readonly T[]> | AsyncIterable<T>,
  what: (item: I) => string,
): Promise<Observed<readonly T[]>> {
  const clock = { now: () => cloud.clock.now() };
  const at = new Date(clock.now()).toISOString();
  const lists: (readonly T[])[] = [];
  const gaps: Gap[] = [];
  let had = 0;
  const next = of.value.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of next) {
      try {
        const reading = read(item);
        if (reading instanceof Promise) lists[index] = await reading;
        else {
          const list = await observeList(what(item), reading, clock);
          lists[index] = list.value;
          gaps.push(...list.gaps);
          if (list.completeness !== 'complete' && list.completeness !== 'partial') continue;
        }
        had += 1;
      } catch (error) {
        gaps.push(gapOf(what(item), error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const value = lists.flat();
  const completeness = completenessOf(of, gaps, had);
  return { value, at, source, completeness, gaps: [...of.gaps, ...gaps] };
}

function completenessOf(
  of: Observed<readonly unknown[]>,
  gaps: readonly Gap[],
  had: number,
): Observed<unknown>['completeness'] {
  if (gaps.length === 0) return of.completeness;
  if (had > 0) return 'partial';
  const [{ kind } = { kind: 'failed' as const }] = gaps;
  const alike = gaps.every((gap) => gap.kind === kind);
  return alike && kind !== 'cut' ? kind : 'failed';
}
