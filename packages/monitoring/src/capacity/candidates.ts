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

/** The share of one provider in a candidate. */
export interface Take {
  readonly provider: string;
  readonly name: string;
  readonly amount: number;
}

export type Candidate = readonly Take[];

/** The ways in which one host can take a server. */
export interface HostOffer {
  readonly candidates: readonly Candidate[];
  /** The providers that give each resource class. */
  readonly providers: ReadonlyMap<string, ReadonlySet<string>>;
  /**
   * Whether every class can come from any of its providers, whatever the other classes come from: then as many servers fit
   * in whichever order the candidates are taken.
   */
  readonly isFree: boolean;
}

/**
 * The candidates of each host, by the root of its tree. A provider that shares its storage is a tree of its own, and of none
 * of the hosts.
 */
export function offersByRoot(
  { allocation_requests: requests, provider_summaries: summaries }: CandidateAnswer,
  isHost: (root: string) => boolean,
  amounts: Readonly<Record<string, number>>,
): ReadonlyMap<string, HostOffer> {
  const candidates = new Map<string, Candidate[]>();
  for (const { allocations } of requests) {
    const takes: Take[] = [];
    const roots = new Set<string>();
    for (const [provider, { resources }] of Object.entries(allocations)) {
      roots.add(summaries[provider]?.root_provider_uuid ?? provider);
      for (const [name, amount] of Object.entries(resources))
        if (amount > 0) takes.push({ provider, name, amount });
    }
    const all = [...roots];
    const root = all.find(isHost) ?? all[0];
    if (root === undefined || takes.length === 0) continue;
    const known = candidates.get(root);
    if (known === undefined) candidates.set(root, [takes]);
    else known.push(takes);
  }
  return new Map(Array.from(candidates, ([root, ways]) => [root, offerOf(ways, amounts)]));
}

function offerOf(candidates: readonly Candidate[], amounts: Readonly<Record<string, number>>): HostOffer {
  const providers = new Map<string, Set<string>>();
  let isWhole = true;
  for (const { name, provider, amount } of candidates.flat()) {
    const set = providers.get(name) ?? new Set<string>();
    providers.set(name, set.add(provider));
    // Of a group of its own it may be a part of the whole.
    isWhole &&= amount === amounts[name];
  }
  const product = [...providers.values()].reduce((count, { size }) => count * size, 1);
  return {
    candidates,
    providers,
    isFree: candidates.length === 1 || (isWhole && product === candidates.length),
  };
}
