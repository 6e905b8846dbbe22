import { size } from './address-set.ts';
import type { Opening } from './opening.ts';

/**
 * The openings that cause something, as few as can be without search: one if one alone is enough, or else a set of
 * which none can be spared. The narrowest are spared first.
 */
export function causeOf(
  openings: readonly Opening[],
  holds: (some: readonly Opening[]) => boolean,
): readonly Opening[] {
  const widest = openings.toSorted((a, b) => breadth(b) - breadth(a));
  const alone = widest.find((one) => holds([one]));
  if (alone !== undefined) return [alone];
  let needed: readonly Opening[] = widest;
  for (const one of widest.toReversed()) {
    const rest = needed.filter((other) => other !== one);
    if (holds(rest)) needed = rest;
  }
  return needed;
}

const breadth = (one: Opening): number => Number(size(one.sources)) * (one.last - one.first + 1);
