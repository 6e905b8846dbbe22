/** Below it a difference counts as one: once in a hundred upgrades that change nothing it is seen all the same. */
const SIGNIFICANCE_Z = 2.326;

/** Fewer tell nothing: the normal approximation is for many. */
const ENOUGH = 20;

/**
 * Whether durations tend to be longer than others: Mann and Whitney's test of ranks, one-sided, at 1 %. It asks nothing of how they are
 * distributed, and latencies are not normal. `undefined` of too few.
 */
export function areSlower(now: readonly number[], before: readonly number[]): boolean | undefined {
  if (now.length < ENOUGH || before.length < ENOUGH) return undefined;
  const all = [
    ...now.map((value) => ({ value, isNow: true })),
    ...before.map((value) => ({ value, isNow: false })),
  ].toSorted((a, b) => a.value - b.value);
  let ranks = 0;
  let ties = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    const count = to - from;
    // Equal ones share the middle of their ranks.
    ranks += all.slice(from, to).filter(({ isNow }) => isNow).length * ((from + 1 + to) / 2);
    ties += count ** 3 - count;
    from = to;
  }
  const [n, m, total] = [now.length, before.length, all.length];
  const u = ranks - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  return variance > 0 && (u - (n * m) / 2) / Math.sqrt(variance) > SIGNIFICANCE_Z;
}
