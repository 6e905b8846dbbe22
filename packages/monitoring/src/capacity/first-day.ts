const STEPS = 100;

/**
 * The first place from `from` to `to` at which a bound of a line is 0 or above. The bound is convex or concave, so that at
 * most one of its ways up is of interest: from where it is lowest, to where it is highest.
 *
 * @returns `undefined` where it stays below
 */
export function firstDay(above: (day: number) => number, from: number, to: number): number | undefined {
  if (above(from) >= 0) return from;
  let high = above(to) >= 0 ? to : highest(above, from, to);
  if (above(high) < 0) return undefined;
  let low = from;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (above(middle) >= 0) high = middle;
    else low = middle;
  }
  return high;
}

/** Where a concave function is highest; of a convex one an end, which is no higher than the ends that were looked at. */
function highest(of: (day: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < STEPS; step += 1) {
    const third = (high - low) / 3;
    if (of(low + third) < of(high - third)) low += third;
    else high -= third;
  }
  return (low + high) / 2;
}
