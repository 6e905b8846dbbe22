import type { CapacityHost } from './capacity-hosts.ts';
import type { PlacementQuestion } from './placement-question.ts';

/** Placement's answer, as far as it is read. */
export interface CandidateAnswer {
  readonly allocation_requests: readonly {
    readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>;
  }[];
  readonly provider_summaries: Readonly<
    Record<
      string,
      {
        readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>;
        readonly root_provider_uuid: string;
      }
    >
  >;
}

/** The servers of one question for which a zone has room. */
export interface ZoneRoom {
  /** `undefined`: of hosts whose zone is not known. */
  readonly zone: string | undefined;
  /** Servers that fit for certain, one after the other. */
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

/** What an answer of Placement says of a cloud's zones. */
export interface QuestionRoom {
  readonly zones: readonly ZoneRoom[];
  /** Roots of trees that Placement offers and that are no hypervisor's. */
  readonly unmapped: readonly string[];
  /** Names of closed hosts that Placement offers. */
  readonly closedOffers: readonly { readonly provider: string; readonly host: string; readonly state: string }[];
}

/** Free amounts by root, from the widest question: why a host that is not offered is full. */
export type FreeByRoot = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** The share of one provider in a candidate. */
interface Take {
  readonly provider: string;
  readonly name: string;
  readonly amount: number;
}

type Candidate = readonly Take[];

/**
 * Counts the servers that fit into each zone, from the answer to one question. Pure.
 *
 * That a candidate is offered says that the amounts agree with units, steps and traits, which the answer does not show; that
 * it can be taken again says the free amount. Where a host has one provider, both bounds are that. Where it is a tree, or
 * shares a storage, `lower` takes candidates one after the other until none is left, and `upper` is what each class alone
 * would allow.
 */
export function roomOfQuestion(
  question: PlacementQuestion,
  answer: CandidateAnswer,
  hosts: readonly CapacityHost[],
  areAllHosts: boolean,
  base: FreeByRoot | undefined,
): QuestionRoom {
  const known = new Map(hosts.map((host) => [host.provider, host]));
  const offers = offersByRoot(answer, known);
  const unmapped = [...offers.keys()].filter((root) => !known.has(root));
  const closedOffers: { provider: string; host: string; state: string }[] = [];
  const zones = new Map<string | undefined, ZoneCount>();
  const zoneOf = (zone: string | undefined): ZoneCount => {
    const count = zones.get(zone) ?? new ZoneCount(question, answer);
    zones.set(zone, count);
    return count;
  };
  for (const host of hosts) {
    const { provider, zone, state, name } = host;
    const offer = offers.get(provider);
    if (state === 'disabled' && offer !== undefined) closedOffers.push({ provider, host: name, state });
    if (state === 'disabled' || state === 'down') zoneOf(zone).addClosed();
    else if (offer === undefined) zoneOf(zone).addFull(limitOf(question, provider, base));
    else zoneOf(zone).addOffer(offer, doubtOf(host));
  }
  // Where not all hosts are known, an offer of another one may be of any zone.
  if (!areAllHosts) {
    for (const root of unmapped)
      for (const zone of new Set([...zones.keys(), undefined]))
        zoneOf(zone).addOffer(offers.get(root) ?? [], 'Nova does not tell of the host');
  }
  return {
    zones: Array.from(zones, ([zone, count]) => count.room(zone)),
    unmapped: areAllHosts ? unmapped : [],
    closedOffers,
  };
}

const doubtOf = ({ zone, state, conditions }: CapacityHost): string | undefined =>
  state === 'unknown'
    ? 'Nova does not tell whether the host takes servers'
    : zone === undefined
      ? 'Nova does not tell the zone of the host'
      : conditions.length > 0
        ? `an aggregate asks for ${conditions.join(', ')}`
        : undefined;

/** The class of which a host that is not offered has too little; `''` where it seems to have enough of each. */
function limitOf({ amounts }: PlacementQuestion, provider: string, base: FreeByRoot | undefined): string {
  const free = base?.get(provider);
  // The base question is for one VCPU: who is not in its answer has none.
  if (free === undefined) return base !== undefined && amounts['VCPU'] !== undefined ? 'VCPU' : '';
  const [short] = Object.entries(amounts)
    .map(([name, amount]) => [name, (free[name] ?? 0) / amount] as const)
    .filter(([, share]) => share < 1)
    .toSorted(([, a], [, b]) => a - b);
  return short?.[0] ?? '';
}

/** The candidates of each host's tree. A provider that shares its storage is a tree of its own, and of none of the hosts. */
function offersByRoot(
  { allocation_requests: requests, provider_summaries: summaries }: CandidateAnswer,
  known: ReadonlyMap<string, CapacityHost>,
): Map<string, Candidate[]> {
  const offers = new Map<string, Candidate[]>();
  for (const { allocations } of requests) {
    const takes: Take[] = [];
    const roots = new Set<string>();
    for (const [provider, { resources }] of Object.entries(allocations)) {
      roots.add(summaries[provider]?.root_provider_uuid ?? provider);
      for (const [name, amount] of Object.entries(resources))
        if (amount > 0) takes.push({ provider, name, amount });
    }
    const all = [...roots];
    const root = all.find((candidate) => known.has(candidate)) ?? all[0];
    if (root === undefined || takes.length === 0) continue;
    const candidates = offers.get(root);
    if (candidates === undefined) offers.set(root, [takes]);
    else candidates.push(takes);
  }
  return offers;
}

/** The count of one zone, host by host. */
class ZoneCount {
  readonly #question: PlacementQuestion;
  readonly #summaries: CandidateAnswer['provider_summaries'];
  /** What is left of a provider, by class, once what `lower` counts is taken. */
  readonly #left = new Map<string, Map<string, number>>();
  /** The providers that are offered for each class: one that several hosts share counts once. */
  readonly #providers = new Map<string, Set<string>>();
  readonly #limits = new Map<string, number>();
  readonly #doubtful = new Map<string, number>();
  #lower = 0;
  #upper = 0;
  #free = 0;
  #full = 0;
  #closed = 0;

  constructor(question: PlacementQuestion, answer: CandidateAnswer) {
    this.#question = question;
    this.#summaries = answer.provider_summaries;
  }

  addClosed(): void {
    this.#closed += 1;
  }

  addFull(limit: string): void {
    this.#full += 1;
    add(this.#limits, limit);
  }

  addOffer(candidates: readonly Candidate[], doubt: string | undefined): void {
    const own = new Map<string, Set<string>>();
    for (const { name, provider } of candidates.flat()) {
      addTo(own, name, provider);
      addTo(this.#providers, name, provider);
    }
    const [upper, limit] = this.#most(own);
    this.#upper += upper;
    this.#free += 1;
    add(this.#limits, limit);
    if (doubt !== undefined) {
      add(this.#doubtful, doubt);
      return;
    }
    for (const candidate of candidates) this.#lower += this.#take(candidate);
  }

  room(zone: string | undefined): ZoneRoom {
    const [shared] = this.#most(this.#providers);
    const upper = this.#free === 0 ? 0 : Math.min(this.#upper, shared);
    return {
      zone,
      lower: this.#lower,
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
  #most(providers: ReadonlyMap<string, ReadonlySet<string>>): readonly [most: number, limit: string] {
    let most = Infinity;
    let limit = '';
    for (const [name, amount] of Object.entries(this.#question.amounts)) {
      const free = Array.from(providers.get(name) ?? [], (provider) => this.#freeOf(provider, name) ?? Infinity);
      if (free.length === 0) continue;
      // Of several groups the parts differ: the sum is what they have in common.
      const count = this.#question.isGrouped
        ? Math.floor(sum(free) / amount)
        : sum(free.map((each) => Math.floor(each / amount)));
      if (count < most) [most, limit] = [count, name];
    }
    return [most, limit];
  }

  /** Takes a candidate as often as it fits. */
  #take(candidate: Candidate): number {
    const times = Math.min(...candidate.map(({ provider, name, amount }) => Math.floor(this.#leftOf(provider, name) / amount)));
    if (times <= 0) return 0;
    for (const { provider, name, amount } of candidate)
      this.#left.get(provider)?.set(name, this.#leftOf(provider, name) - times * amount);
    return times;
  }

  #leftOf(provider: string, name: string): number {
    const left = this.#left.get(provider) ?? new Map<string, number>();
    this.#left.set(provider, left);
    const known = left.get(name) ?? this.#freeOf(provider, name) ?? 0;
    left.set(name, known);
    return known;
  }

  /** `undefined` where the answer does not tell. More may be used than there is: a ratio was lowered, or memory taken out. */
  #freeOf(provider: string, name: string): number | undefined {
    const figures = this.#summaries[provider]?.resources[name];
    return figures === undefined ? undefined : Math.max(0, figures.capacity - figures.used);
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set<string>();
  sets.set(key, set);
  set.add(value);
}
