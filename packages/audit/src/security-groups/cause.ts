import { size } from './address-set.ts';
import type { Opening } from './opening.ts';

/**
 * The openings that cause something, as few as can be without trying all sets: one if one alone is enough, or else a set
 * of which none can be spared. Wide ones are preferred.
 *
 * More openings let in no less, so what a prefix of the list causes a longer one causes too: the first that is needed is
 * found by halving, then the next with that one given, and so on.
 */
export function causeOf(
  openings: readonly Opening[],
  holds: (some: readonly Opening[]) => boolean,
): readonly Opening[] {
  const widest = openings
    .map((one) => ({ one, breadth: breadthOf(one) }))
    .toSorted((a, b) => b.breadth - a.breadth)
    .map(({ one }) => one);
  // Who is wide enough alone is among the widest.
  const alone = widest.slice(0, ALONE).find((one) => holds([one]));
  if (alone !== undefined) return [alone];
  const needed: Opening[] = [];
  let candidates: readonly Opening[] = widest;
  while (candidates.length > 0 && !holds(needed)) {
    let [few, enough] = [0, candidates.length];
    while (few + 1 < enough) {
      const middle = Math.floor((few + enough) / 2);
      if (holds([...needed, ...candidates.slice(0, middle)])) enough = middle;
      else few = middle;
    }
    const last = candidates[enough - 1];
    if (last !== undefined) needed.push(last);
    candidates = candidates.slice(0, enough - 1);
  }
  return widest.filter((one) => needed.includes(one));
}

/** How many are tried by themselves. */
const ALONE = 50;

const breadthOf = (one: Opening): number => Number(size(one.sources)) * (one.last - one.first + 1);
