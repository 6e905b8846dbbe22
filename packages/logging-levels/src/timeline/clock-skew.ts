import type { ClockSkew } from './timeline.ts';

/** What one pair of times says: the clock of `of` is ahead of that of `than` by `mostMs` at most. */
export interface SkewBound {
  readonly of: string;
  readonly than: string;
  readonly mostMs: number;
}

/**
 * The narrowest bounds of each clock against a reference that all pairs together allow: they are a system of difference
 * constraints, whose solution is the shortest paths from and to the reference (Bellman and Ford). Clocks that were compared with a third
 * one are compared with each other by it. The clocks are taken to run evenly while the request lasts.
 *
 * Clocks of which nothing is known against that reference may have been compared among themselves: the first of these, which stays
 * unknown, is what the others are relative to.
 */
export function clockSkews(
  clocks: readonly string[],
  reference: string,
  bounds: readonly SkewBound[],
): ClockSkew[] {
  const edges = narrowest(bounds);
  const found = new Map(against(clocks, reference, edges).map((skew) => [skew.host, skew]));
  const unknown = clocks.filter((host) => found.get(host)?.state === 'unknown');
  for (const host of unknown) {
    if (found.get(host)?.state !== 'unknown') continue;
    const others = unknown.filter((other) => found.get(other)?.state === 'unknown');
    for (const skew of against(others, host, edges))
      if (skew.state === 'bounded' || skew.state === 'contradictory') found.set(skew.host, skew);
  }
  return [...found.values()];
}

function against(clocks: readonly string[], reference: string, edges: readonly SkewBound[]): ClockSkew[] {
  const upper = shortest(clocks.length, reference, edges);
  const lower = shortest(
    clocks.length,
    reference,
    edges.map(({ of, than, mostMs }) => ({ of: than, than: of, mostMs })),
  );
  return clocks.map((host) => {
    if (host === reference)
      return { host, relativeTo: reference, state: 'reference', lowerMs: 0, upperMs: 0 };
    const upperMs = upper?.get(host);
    const least = lower?.get(host);
    const lowerMs = least === undefined ? undefined : -least;
    if (
      upper === undefined ||
      lower === undefined ||
      (upperMs !== undefined && lowerMs !== undefined && lowerMs > upperMs)
    )
      return { host, relativeTo: reference, state: 'contradictory', lowerMs: undefined, upperMs: undefined };
    const state = upperMs === undefined && lowerMs === undefined ? 'unknown' : 'bounded';
    return { host, relativeTo: reference, state, lowerMs, upperMs };
  });
}

function narrowest(bounds: readonly SkewBound[]): SkewBound[] {
  const kept = new Map<string, SkewBound>();
  for (const bound of bounds) {
    const key = JSON.stringify([bound.of, bound.than]);
    const before = kept.get(key);
    if (before === undefined || bound.mostMs < before.mostMs) kept.set(key, bound);
  }
  return [...kept.values()];
}

/** The length of the shortest path to each clock; `undefined` if a circle shortens itself for ever: the pairs contradict each other. */
function shortest(
  clocks: number,
  reference: string,
  edges: readonly SkewBound[],
): ReadonlyMap<string, number> | undefined {
  const found = new Map([[reference, 0]]);
  for (let round = 0; round <= clocks; round += 1) {
    let isChanged = false;
    for (const { of, than, mostMs } of edges) {
      const from = found.get(than);
      if (from === undefined || from + mostMs >= (found.get(of) ?? Number.POSITIVE_INFINITY) - TOLERANCE)
        continue;
      found.set(of, from + mostMs);
      isChanged = true;
    }
    if (!isChanged) return found;
  }
  return undefined;
}

/** Sums of floating numbers are not the same in each order. */
const TOLERANCE = 1e-6;
