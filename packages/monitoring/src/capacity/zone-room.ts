import { type CandidateAnswer, offersByRoot } from './candidates.ts';
import type { CapacityHost } from './capacity-hosts.ts';
import type { PlacementQuestion } from './placement-question.ts';
import { ZoneCount, type ZoneRoom } from './zone-count.ts';

/** What an answer of Placement says of a cloud's zones. */
export interface QuestionRoom {
  readonly zones: readonly ZoneRoom[];
  /** Whether there may be more candidates than were asked for: then no upper bound holds. */
  readonly isCut: boolean;
  /** Roots of trees that Placement offers and that are no hypervisor's. */
  readonly unmapped: readonly string[];
  /** Disabled hosts that Placement offers. */
  readonly closedOffers: readonly { readonly provider: string; readonly host: string }[];
}

/** Free amounts by root, from the widest question: why a host that is not offered is full. */
export type FreeByRoot = ReadonlyMap<string, Readonly<Record<string, number>>>;

export interface RoomOptions {
  /** Whether `hosts` is all hosts that Nova has. */
  readonly areAllHosts: boolean;
  /** Whether there may be more candidates than the answer has. */
  readonly isCut: boolean;
  readonly base: FreeByRoot | undefined;
}

/**
 * Counts the servers that fit into each zone, from the answer to one question. Pure.
 *
 * That a candidate is offered says that the amounts agree with units, steps and traits, which the answer does not show; how
 * often it can be taken the free amounts say. Where a host has one provider, both bounds are that, and also where each
 * class can come from any of several. Where it depends on the order how much can be taken, `lower` counts one server, and
 * `upper` what each class alone would allow.
 */
export function roomOfQuestion(
  question: PlacementQuestion,
  answer: CandidateAnswer,
  hosts: readonly CapacityHost[],
  { areAllHosts, isCut, base }: RoomOptions,
): QuestionRoom {
  const known = new Map(hosts.map((host) => [host.provider, host]));
  const offers = offersByRoot(answer, (root) => known.has(root), question.amounts);
  const unmapped = [...offers.keys()].filter((root) => !known.has(root));
  const closedOffers: { provider: string; host: string }[] = [];
  const zones = new Map<string | undefined, ZoneCount>();
  const zoneOf = (zone: string | undefined): ZoneCount => {
    const count = zones.get(zone) ?? new ZoneCount(question.amounts, answer);
    zones.set(zone, count);
    return count;
  };
  for (const host of hosts) {
    const { provider, zone, state, name } = host;
    const offer = offers.get(provider);
    if (state === 'disabled' && offer !== undefined) closedOffers.push({ provider, host: name });
    if (state === 'disabled' || state === 'down') zoneOf(zone).addClosed();
    else if (offer === undefined && isCut)
      zoneOf(zone).addUnseen('Placement was not asked for so many candidates');
    else if (offer === undefined) zoneOf(zone).addFull(limitOf(question, provider, base));
    else zoneOf(zone).addOffer(offer, doubtOf(host));
  }
  // Where not all hosts are known, an offer of another one may be of any zone.
  if (!areAllHosts) {
    const strays = unmapped.map((root) => offers.get(root)).filter((offer) => offer !== undefined);
    for (const zone of new Set([...zones.keys(), undefined]))
      for (const offer of strays) zoneOf(zone).addOffer(offer, 'Nova does not tell of the host');
  }
  return {
    zones: Array.from(zones, ([zone, count]) => count.room(zone)),
    isCut,
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
