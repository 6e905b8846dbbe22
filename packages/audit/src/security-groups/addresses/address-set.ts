/** Addresses from `first` to `last`, both included. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of addresses of one family: intervals in order, apart from each other. */
export type AddressSet = readonly Interval[];

export const nothing: AddressSet = [];

/** All addresses that are in any of the sets, which need not be in order. */
export function union(sets: readonly AddressSet[]): AddressSet {
  const [only] = sets;
  if (only === undefined) return nothing;
  if (sets.length === 1) return only;
  return merged(sets.flat());
}

/** Puts intervals in order, and those that overlap or touch together. */
export function merged(intervals: readonly Interval[]): AddressSet {
  const result: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const last = result.at(-1);
    if (last === undefined || next.first > last.last + 1n) result.push(next);
    else if (next.last > last.last) result[result.length - 1] = { first: last.first, last: next.last };
  }
  return result;
}

/** All addresses that are in both sets. */
export function intersection(a: AddressSet, b: AddressSet): AddressSet {
  const result: Interval[] = [];
  for (let i = 0, j = 0; ;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return result;
    const first = left.first > right.first ? left.first : right.first;
    const last = left.last < right.last ? left.last : right.last;
    if (first <= last) result.push({ first, last });
    if (left.last < right.last) i += 1;
    else j += 1;
  }
}

/** All addresses of the first set that are not in the second. */
export function difference(a: AddressSet, b: AddressSet): AddressSet {
  const result: Interval[] = [];
  let from = 0;
  for (const { first, last } of a) {
    let next = first;
    while (from < b.length && (b[from]?.last ?? 0n) < first) from += 1;
    for (let at = from; at < b.length; at += 1) {
      const hole = b[at];
      if (hole === undefined || hole.first > last) break;
      if (hole.first > next) result.push({ first: next, last: hole.first - 1n });
      if (hole.last >= next) next = hole.last + 1n;
    }
    if (next <= last) result.push({ first: next, last });
  }
  return result;
}

/** The number of addresses in a set. */
export const size = (set: AddressSet): bigint =>
  set.reduce((total, { first, last }) => total + last - first + 1n, 0n);
