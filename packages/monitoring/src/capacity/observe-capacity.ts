import { optionsSchema, parseArguments, type ReadOptions, readOptions, visible } from '@groundcrew/ground';
import { type Cloud, gapOf, InputError, observe, observeList, type Observed } from '@groundcrew/core';
import { z } from 'zod';
import { type CapacityHost, readCapacityHosts } from './capacity-hosts.ts';
import { flavorRequest, type PlacementQuestion, questionKey } from './placement-question.ts';
import { type FreeByRoot, type QuestionRoom, roomOfQuestion } from './zone-room.ts';

export interface ObserveCapacityOptions extends ReadOptions {
  /** Names or ids. @default all that the user may see, also those that are not public */
  readonly flavors?: readonly string[] | undefined;
  /** Whether servers have their root disk on their host, or in a volume. @default 'image' */
  readonly bootFrom?: 'image' | 'volume' | undefined;
  /**
   * The largest number of candidates in an answer of Placement. Where there are more, there is no upper bound. At 10,000 hosts
   * an answer has by estimate 30 MB: `maxBody` of `connect()` is its limit, and `timeout` its time. @default 20_000
   */
  readonly limit?: number | undefined;
}

const capacityOptions = optionsSchema<ObserveCapacityOptions>({
  ...readOptions,
  flavors: z.array(z.string().min(1)).min(1).optional(),
  bootFrom: z.enum(['image', 'volume']).optional(),
  limit: z.number().int().positive().optional(),
});

/** A flavor, and what Placement was asked for it. */
export interface CapacityFlavor {
  readonly id: string;
  readonly name: string;
  /** Keys of `answers`; their slots add up. */
  readonly questions: readonly string[];
  /** Wishes that Placement does not judge: fewer servers may fit. */
  readonly unjudged: readonly string[];
  /** Why it is not known what a server would ask for. */
  readonly unclear: readonly string[];
}

/** A fact that Nova and Placement tell differently. */
export interface CapacityDisagreement {
  readonly kind: 'provider-without-host' | 'disabled-but-offered' | 'enabled-but-withheld';
  /** The uuid of the resource provider. */
  readonly provider: string;
  /** `undefined` where Nova knows none. */
  readonly host: string | undefined;
  readonly why: string;
}

/** What a cloud has room for. */
export interface CapacitySnapshot {
  /** ISO 8601, UTC: when the reading began. */
  readonly at: string;
  readonly bootFrom: 'image' | 'volume';
  readonly hosts: Observed<readonly CapacityHost[]>;
  readonly flavors: Observed<readonly CapacityFlavor[]>;
  /** What Placement answered, folded by zone; by the query that was sent. */
  readonly answers: Readonly<Record<string, Observed<QuestionRoom | undefined>>>;
  readonly disagreements: readonly CapacityDisagreement[];
}

/** Trees of providers, traits of roots, groups with names: Train (placement 2.0.0) has it. */
const MICROVERSION = '1.36';
const DISABLED = 'COMPUTE_STATUS_DISABLED';

/**
 * Reads what there is room for: compute hosts from Nova, and for each flavor the answer of Placement to the scheduler's own
 * question. Flavors that ask for the same are asked for once, one question after the other, and of each answer only sums by
 * zone are kept.
 *
 * Calls: one each for compute services and aggregates, one for every page of hypervisors and of flavors, one for all hosts
 * with a VCPU left, and one for each question, however many hosts there are.
 *
 * @throws InputError on an option that there is not, and for a flavor that there is not
 * @example
 * const room = await observeCapacity(cloud, { flavors: ['m1.small', 'm1.large'] });
 * for (const { flavor, zone, slots, limitedBy } of freeSlots(room)) console.log(flavor, zone, slots, limitedBy);
 */
export async function observeCapacity(
  cloud: Cloud,
  options: ObserveCapacityOptions = {},
): Promise<CapacitySnapshot> {
  parseArguments('observeCapacity', capacityOptions, options);
  const { signal, bootFrom = 'image', limit = 20_000, flavors: chosen } = options;
  const reading = { signal };
  const at = new Date(cloud.clock.now()).toISOString();
  const asked = await readFlavors(cloud, chosen, bootFrom, reading);
  const hosts = await readCapacityHosts(cloud, reading);
  const areAllHosts = hosts.completeness === 'complete';
  const base = asked.questions.size === 0 ? undefined : await readBase(cloud, limit, reading);
  const answers: Record<string, Observed<QuestionRoom | undefined>> = {};
  const disagreements = new Map<string, CapacityDisagreement>();
  const disagree = (found: CapacityDisagreement): void =>
    void disagreements.set(`${found.kind} ${found.provider}`, found);
  for (const [key, question] of asked.questions) {
    const room = await observe(
      `room for ${key}`,
      async () => {
        const answer = await cloud.placement
          .at(MICROVERSION)
          .allocationCandidates.get({ ...question.query, root_required: `!${DISABLED}`, limit }, reading);
        const isCut = answer.allocation_requests.length >= limit;
        return roomOfQuestion(question, answer, hosts.value, { areAllHosts, isCut, base: base?.free });
      },
      { now: () => cloud.clock.now() },
    );
    answers[key] = room;
    for (const provider of room.value?.unmapped ?? []) disagree(withoutHost(provider));
    for (const { provider, host } of room.value?.closedOffers ?? [])
      disagree(disabledButOffered(provider, host));
  }
  for (const { provider, name, state } of hosts.value)
    if (state === 'open' && base?.withheld.has(provider) === true)
      disagree(enabledButWithheld(provider, name));
  return { at, bootFrom, hosts, flavors: asked.flavors, answers, disagreements: [...disagreements.values()] };
}

interface AskedFlavors {
  readonly flavors: Observed<readonly CapacityFlavor[]>;
  readonly questions: ReadonlyMap<string, PlacementQuestion>;
}

async function readFlavors(
  cloud: Cloud,
  chosen: readonly string[] | undefined,
  bootFrom: 'image' | 'volume',
  reading: ReadOptions,
): Promise<AskedFlavors> {
  const listed = await observeList(
    'flavors',
    // From 2.75 on `swap` is a number; extra specs are there from 2.61 on.
    cloud.compute.at('2.75').flavors.list({ is_public: 'None' }, reading),
    { now: () => cloud.clock.now() },
  );
  const isComplete = listed.completeness === 'complete';
  const missing = (chosen ?? []).filter(
    (name) => !listed.value.some((flavor) => flavor.id === name || flavor.name === name),
  );
  if (isComplete && missing[0] !== undefined)
    throw new InputError(`observeCapacity: flavors: there is no ${visible(missing[0])}`, {
      field: 'flavors',
      operation: 'observeCapacity',
    });
  const questions = new Map<string, PlacementQuestion>();
  const flavors: CapacityFlavor[] = [];
  for (const flavor of listed.value) {
    if (chosen !== undefined && !chosen.includes(flavor.id) && !chosen.includes(flavor.name)) continue;
    const request = flavorRequest(flavor, bootFrom);
    const keys = request.questions.map((question) => {
      const key = questionKey(question);
      questions.set(key, question);
      return key;
    });
    const { unjudged, unclear } = request;
    flavors.push({ id: flavor.id, name: flavor.name, questions: keys, unjudged, unclear });
  }
  for (const name of missing)
    flavors.push({
      id: name,
      name,
      questions: [],
      unjudged: [],
      unclear: ['it is not in the list of flavors, which was not read to its end'],
    });
  return { flavors: { ...listed, value: flavors }, questions };
}

/** What is free on every host that has a VCPU left, and which of them Placement withholds. */
async function readBase(
  cloud: Cloud,
  limit: number,
  reading: ReadOptions,
): Promise<{ readonly free: FreeByRoot; readonly withheld: ReadonlySet<string> } | undefined> {
  try {
    const { provider_summaries: summaries, allocation_requests: requests } = await cloud.placement
      .at(MICROVERSION)
      .allocationCandidates.get({ resources: 'VCPU:1', limit }, reading);
    const free = new Map<string, Record<string, number>>();
    const withheld = new Set<string>();
    for (const [provider, { root_provider_uuid: root, resources, traits }] of Object.entries(summaries)) {
      const tree = free.get(root) ?? {};
      free.set(root, tree);
      for (const [name, { capacity, used }] of Object.entries(resources))
        tree[name] = (tree[name] ?? 0) + Math.max(0, capacity - used);
      if (provider === root && traits.includes(DISABLED)) withheld.add(root);
    }
    // It only explains: of hosts that a cut answer left out it would say that they have no VCPU.
    return requests.length >= limit ? undefined : { free, withheld };
  } catch (error) {
    // The questions themselves meet the same error, and have it as their gap.
    gapOf('free amounts', error);
    return undefined;
  }
}

const withoutHost = (provider: string): CapacityDisagreement => ({
  kind: 'provider-without-host',
  provider,
  host: undefined,
  why: 'Placement offers it, and Nova has no hypervisor of that id: nothing will be placed there',
});

const disabledButOffered = (provider: string, host: string): CapacityDisagreement => ({
  kind: 'disabled-but-offered',
  provider,
  host,
  why: `its compute service is disabled, and its provider has no trait ${DISABLED}`,
});

const enabledButWithheld = (provider: string, host: string): CapacityDisagreement => ({
  kind: 'enabled-but-withheld',
  provider,
  host,
  why: `its compute service is enabled, and its provider has the trait ${DISABLED}: nothing is placed there`,
});
