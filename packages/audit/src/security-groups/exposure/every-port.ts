import { type AddressSet, type Interval, merged } from '../addresses/address-set.ts';
import type { Reach } from '../reach/rule-reach.ts';

const LAST = 65_535;

/**
 * The addresses from which every port is reached. A sweep over the addresses: where the sources of a rule begin its ports count one
 * more, where it ends one less, and between two such places every port is reached if the least count is above nothing.
 * n log n, whatever a tenant puts into a group.
 */
export function reachingEveryPort(rules: readonly Reach[]): AddressSet {
  const bounds = [...new Set(rules.flatMap((rule) => [rule.first, rule.last + 1]).concat(0))]
    .filter((bound) => bound <= LAST)
    .toSorted((a, b) => a - b);
  const indexOf = new Map(bounds.map((bound, index) => [bound, index]));
  const cover = new Cover(bounds.length);
  const events = rules.flatMap((rule) => {
    // Each `first` is among the bounds; the last port has none behind it.
    const from = indexOf.get(rule.first) ?? 0;
    const to = (indexOf.get(rule.last + 1) ?? bounds.length) - 1;
    return rule.sources.flatMap(({ first, last }) => [
      { at: first, from, to, by: 1 },
      { at: last + 1n, from, to, by: -1 },
    ]);
  });
  events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const found: Interval[] = [];
  for (const [index, event] of events.entries()) {
    cover.add(event.from, event.to, event.by);
    const next = events[index + 1];
    if (next !== undefined && next.at > event.at && cover.least > 0)
      found.push({ first: event.at, last: next.at - 1n });
  }
  return merged(found);
}

/** Counts over segments of ports: adds to a range, and knows the least. A segment tree without pushing down; `?? 0` is for the type. */
class Cover {
  readonly #size: number;
  readonly #least: Int32Array;
  readonly #added: Int32Array;

  constructor(size: number) {
    this.#size = size;
    this.#least = new Int32Array(4 * size);
    this.#added = new Int32Array(4 * size);
  }

  get least(): number {
    return this.#least[1] ?? 0;
  }

  add(from: number, to: number, by: number): void {
    this.#add(1, 0, this.#size - 1, from, to, by);
  }

  #add(node: number, low: number, high: number, from: number, to: number, by: number): void {
    if (to < low || high < from) return;
    if (from <= low && high <= to) {
      this.#added[node] = (this.#added[node] ?? 0) + by;
      this.#least[node] = (this.#least[node] ?? 0) + by;
      return;
    }
    const middle = (low + high) >> 1;
    this.#add(2 * node, low, middle, from, to, by);
    this.#add(2 * node + 1, middle + 1, high, from, to, by);
    this.#least[node] =
      Math.min(this.#least[2 * node] ?? 0, this.#least[2 * node + 1] ?? 0) + (this.#added[node] ?? 0);
  }
}
