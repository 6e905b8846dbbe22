/** Votes of a cluster, and how many of them are present. */
export interface Votes {
  /** Votes that count, present or not. */
  readonly of: number;
  /** Votes present. */
  readonly present: number;
}

/** Votes that a majority takes: more than half. */
export const majority = (of: number): number => Math.floor(of / 2) + 1;

/**
 * The number of voters that may still be lost at once; negative if the majority is already gone.
 *
 * @example
 * quorumMargin({ of: 3, present: 3 }); // 1
 * quorumMargin({ of: 3, present: 2 }); // 0
 * quorumMargin({ of: 4, present: 4 }); // 1: the fourth adds nothing
 */
export const quorumMargin = ({ of, present }: Votes): number => present - majority(of);

/**
 * The number of voters that may be lost at once, whichever they are, if those that stay must weigh more than half of all.
 *
 * @example
 * weightedMargin([1, 1, 1]); // 1
 * weightedMargin([2, 1, 1]); // 0: without the heavy one it is half
 */
export function weightedMargin(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = total;
  let lost = 0;
  for (const weight of weights.toSorted((a, b) => b - a)) {
    left -= weight;
    if (left * 2 <= total) return lost;
    lost += 1;
  }
  return lost;
}
