import type { Candidate, CandidateAnswer, HostOffer } from './candidates.ts';

/** The servers of one question for which a zone has room. */
export interface ZoneRoom {
  /** `undefined`: of hosts whose zone is not known. */
  readonly zone: string | undefined;
  /** So many fit, in whichever order they come. */
  readonly lower: number;
  /** At most so many fit; `undefined`: nobody knows. */
  readonly upper: number | undefined;
  /** Hosts by the resource class that runs out first on them; '' where that is not known. */
  readonly limits: Readonly<Record<string, number>>;
  readonly hosts: ZoneHosts;
}

export interface ZoneHosts {
  /** Hosts that take at least one. */
  readonly free: number;
  /** Open hosts that take none. */
  readonly full: number;
  /** Hosts that are disabled, or do not report. */
  readonly closed: number;
  /** Hosts that count for `upper` only, by the reason. */
  readonly doubtful: Readonly<Record<string, number>>;
}

/** The count of one zone, host by host. */
export class ZoneCount {
  readonly #amounts: Readonly<Record<string, number>>;
  readonly #summaries: CandidateAnswer['provider_summaries'];
  readonly #certain: HostOffer[] = [];
  /** The providers that are offered for each class: one that several hosts share counts once. */
  readonly #providers = new Map<string, Set<string>>();
  readonly #limits = new Map<string, number>();
  readonly #doubtful = new Map<string, number>();
  #upper = 0;
  #free = 0;
  #full = 0;
  #closed = 0;

  constructor(amounts: Readonly<Record<string, number>>, { provider_summaries: summaries }: CandidateAnswer) {
    this.#amounts = amounts;
    this.#summaries = summaries;
  }

  addClosed(): void {
    this.#closed += 1;
  }

  addFull(limit: string): void {
    this.#full += 1;
    addTo(this.#limits, limit);
  }

  /** Adds an open host of which it is not known whether it is offered. */
  addUnseen(doubt: string): void {
    addTo(this.#doubtful, doubt);
  }

  addOffer(offer: HostOffer, doubt: string | undefined): void {
    for (const [name, providers] of offer.providers) {
      const all = this.#providers.get(name) ?? new Set<string>();
      this.#providers.set(name, all);
      for (const provider of providers) all.add(provider);
    }
    const [upper, limit] = this.#most(offer.providers, offer.candidates);
    this.#upper += upper;
    this.#free += 1;
    addTo(this.#limits, limit);
    if (doubt === undefined) this.#certain.push(offer);
    else addTo(this.#doubtful, doubt);
  }

  room(zone: string | undefined): ZoneRoom {
    const all = this.#certain.flatMap(({ candidates }) => candidates);
    // Doubtful hosts may share a storage with certain ones: it is given away once.
    const [shared] = this.#doubtful.size === 0 ? this.#most(this.#providers, all) : [Infinity];
    const upper = this.#free === 0 ? 0 : Math.min(this.#upper, shared);
    return {
      zone,
      lower: this.#least(),
      upper: Number.isFinite(upper) ? upper : undefined,
      limits: Object.fromEntries(this.#limits),
      hosts: {
        free: this.#free,
        full: this.#full,
        closed: this.#closed,
        doubtful: Object.fromEntries(this.#doubtful),
      },
    };
  }

  /** The most servers that these providers could take if each class were alone, and the class that allows the fewest. */
  #most(
    providers: HostOffer['providers'],
    candidates: readonly Candidate[],
  ): readonly [most: number, limit: string] {
    const parts = new Set<string>();
    for (const { name, amount } of candidates.flat()) if (amount !== this.#amounts[name]) parts.add(name);
    let most = Infinity;
    let limit = '';
    for (const [name, amount] of Object.entries(this.#amounts)) {
      const free = Array.from(
        providers.get(name) ?? [],
        (provider) => this.#freeOf(provider, name) ?? Infinity,
      );
      if (free.length === 0) continue;
      // A class that comes in parts, of several groups, has only its sum in common.
      const count = parts.has(name)
        ? Math.floor(sum(free) / amount)
        : sum(free.map((each) => Math.floor(each / amount)));
      if (count < most) [most, limit] = [count, name];
    }
    return [most, limit];
  }

  /**
   * The servers that fit in whichever order they come. Where the order matters only the first one is certain: of a host whose
   * candidates exclude each other, and of all hosts together that share storage in different ways.
   */
  #least(): number {
    const users = new Map<string, number>();
    for (const { providers } of this.#certain) {
      if (providers.size < 2) continue;
      for (const provider of new Set(Array.from(providers.values(), (set) => [...set]).flat()))
        addTo(users, provider);
    }
    const isShared = (provider: string): boolean => (users.get(provider) ?? 0) > 1;
    const waysOf = new Map<string, string>();
    let isRegular = true;
    const sharing = this.#certain.filter(({ providers }) => {
      const ways = Array.from(providers, ([name, set]) => [name, [...set].toSorted()] as const).filter(
        ([, all]) => all.some(isShared),
      );
      if (ways.length === 0) return false;
      const way = JSON.stringify(ways.toSorted(([a], [b]) => (a < b ? -1 : 1)));
      for (const provider of ways.flatMap(([, all]) => all)) {
        isRegular &&= (waysOf.get(provider) ?? way) === way;
        waysOf.set(provider, way);
      }
      return true;
    });
    const left: Left = new Map();
    const taken = (offers: readonly HostOffer[]): number =>
      sum(
        offers.map(({ candidates, isFree }) => {
          const count = sum(candidates.map((candidate) => this.#take(candidate, left)));
          return isFree ? count : Math.min(1, count);
        }),
      );
    const alone = new Set(sharing);
    const together = taken(sharing);
    const apart = taken(this.#certain.filter((offer) => !alone.has(offer)));
    const isOrdered = isRegular && sharing.every(({ isFree }) => isFree);
    return apart + (isOrdered ? together : Math.min(1, together));
  }

  /** Takes a candidate as often as it fits. */
  #take(candidate: Candidate, left: Left): number {
    const leftOf = (provider: string, name: string): number =>
      left.get(provider)?.get(name) ?? this.#freeOf(provider, name) ?? 0;
    const times = Math.min(
      ...candidate.map(({ provider, name, amount }) => Math.floor(leftOf(provider, name) / amount)),
    );
    if (times <= 0) return 0;
    for (const { provider, name, amount } of candidate) {
      const of = left.get(provider) ?? new Map<string, number>();
      left.set(provider, of);
      of.set(name, leftOf(provider, name) - times * amount);
    }
    return times;
  }

  /** `undefined` where the answer does not tell. More may be used than there is: a ratio was lowered, or memory taken out. */
  #freeOf(provider: string, name: string): number | undefined {
    const figures = this.#summaries[provider]?.resources[name];
    return figures === undefined ? undefined : Math.max(0, figures.capacity - figures.used);
  }
}

/** What is left of a provider, by class. */
type Left = Map<string, Map<string, number>>;

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const addTo = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);
