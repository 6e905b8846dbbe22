import { parseArguments, signalOptions } from '@groundcrew/ground';
import { type Cloud, gapOf, type Gap } from '@groundcrew/core';
import { UnreadError } from '../probing/ask.ts';
import { sizeKey } from './needs.ts';
import type { Capacity, CloudView, HostView } from './situation.ts';

/** Requests to Placement at a time. */
const AT_ONCE = 16;
/** Sizes of servers that Placement is asked about; the most frequent ones. */
const SIZES = 64;

/**
 * Returns the view with the free capacity of each host, as Placement counts it: (total - reserved) × allocation ratio -
 * used, of every resource class; and for each size of server the hosts that Placement would take one more on, for
 * smallest and largest units, steps, traits and shared storage are its business. A host whose provider cannot be read
 * keeps `free: undefined`, with the gap: it is not taken for full, nor for empty.
 *
 * Two requests tell of all hosts on which one virtual CPU is left, each of the others takes two of its own, and each size of
 * server one.
 */
export async function withCapacity(
  cloud: Cloud,
  view: CloudView,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<CloudView> {
  parseArguments('withCapacity', signalOptions, options);
  const { signal } = options;
  if (view.hosts === undefined) return view;
  const gaps: Gap[] = [];
  let providers: ReadonlyMap<string, readonly string[]> = new Map();
  let roomy: ReadonlyMap<string, Capacity> = new Map();
  let listed = false;
  try {
    [providers, roomy] = await Promise.all([providersOf(cloud, signal), roomyOnes(cloud, signal)]);
    listed = true;
  } catch (error) {
    gaps.push(gapOf('free capacity of the compute hosts', error));
  }
  const hosts: HostView[] = [];
  const rest = view.hosts.entries();
  const reader = async (): Promise<void> => {
    for (const [at, host] of rest) {
      hosts[at] = host;
      const [provider, another] = providers.get(host.host) ?? [];
      if (provider === undefined) {
        // Without the list there is one gap for all of them.
        if (listed) gaps.push(noProvider(host.host));
        continue;
      }
      // One service with several nodes is Ironic's: each node takes one server, and none a virtual machine.
      if (another !== undefined) {
        hosts[at] = { ...host, free: NOTHING };
        continue;
      }
      try {
        hosts[at] = { ...host, free: roomy.get(provider) ?? (await freeOf(cloud, provider, signal)) };
      } catch (error) {
        gaps.push(gapOf(`capacity of ${host.host}`, error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  const sizes = await candidatesOf(cloud, view, providers, signal);
  gaps.push(...sizes.gaps);
  return {
    ...view,
    hosts,
    candidates: sizes.candidates,
    completeness: gaps.length === 0 ? view.completeness : 'partial',
    gaps: [...view.gaps, ...gaps],
  };
}

const noProvider = (host: string): Gap => ({
  what: `capacity of ${host}`,
  kind: 'failed',
  why: 'Nova lists no hypervisor of it',
  remedy: 'Look whether its nova-compute has registered.',
  requestIds: [],
});

const NOTHING: Capacity = { vcpus: 0, memory: 0, disk: 0 };

/**
 * The resource providers of each compute host: from 2.53 on a hypervisor has its provider's UUID (nova,
 * `compute_node.uuid`).
 */
async function providersOf(
  cloud: Cloud,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const providers = new Map<string, string[]>();
  for await (const { id, service } of cloud.compute.at('2.53').hypervisors.list({}, { signal })) {
    const mine = providers.get(service.host) ?? [];
    providers.set(service.host, mine);
    mine.push(id);
  }
  return providers;
}

/**
 * The hosts that could take one more virtual CPU, with all that is free in its tree of providers. Those that could not are
 * missing: they are full, or count dedicated CPUs alone.
 */
async function roomyOnes(
  cloud: Cloud,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Capacity>> {
  const { provider_summaries: summaries } = await cloud.placement
    .at('1.29')
    .allocationCandidates.get({ resources: 'VCPU:1' }, { signal });
  const free = new Map<string, Map<string, number>>();
  for (const { root_provider_uuid: root, resources } of Object.values(summaries)) {
    const tree = free.get(root) ?? new Map<string, number>();
    free.set(root, tree);
    for (const [kind, { capacity, used }] of Object.entries(resources))
      tree.set(kind, (tree.get(kind) ?? 0) + Math.max(0, capacity - used));
  }
  return new Map(Array.from(free, ([root, tree]) => [root, capacityOf(tree)]));
}

/** The free capacity of one provider by itself. */
async function freeOf(
  cloud: Cloud,
  resource_provider_id: string,
  signal: AbortSignal | undefined,
): Promise<Capacity> {
  const [{ inventories }, { usages }] = await Promise.all([
    cloud.placement.inventories.get({ resource_provider_id }, { signal }),
    cloud.placement.usages.ofProvider({ resource_provider_id }, { signal }),
  ]);
  const free = new Map<string, number>();
  for (const [kind, { total, reserved, allocation_ratio }] of Object.entries(inventories)) {
    const used = usages[kind];
    // Placement sends 0 of a class of which nothing is used (placement `objects/usage.py`: inventories left-joined with allocations).
    if (used === undefined)
      throw new UnreadError(
        'cut',
        `Placement does not tell how much ${kind} is used of ${resource_provider_id}`,
      );
    free.set(kind, Math.max(0, Math.floor((total - reserved) * allocation_ratio) - used));
  }
  return capacityOf(free);
}

/**
 * A provider has no room for what it does not count: one without `VCPU` is Ironic's, or has dedicated CPUs alone. Disks alone
 * may be counted elsewhere, by a provider of shared storage: `candidates` tells whether they are.
 */
function capacityOf(free: ReadonlyMap<string, number>): Capacity {
  const others = Object.fromEntries(Array.from(free).filter(([kind]) => !OWN.has(kind)));
  return {
    vcpus: free.get('VCPU') ?? 0,
    memory: free.get('MEMORY_MB') ?? 0,
    disk: free.get('DISK_GB') ?? Number.MAX_SAFE_INTEGER,
    ...(Object.keys(others).length > 0 && { others }),
  };
}

const OWN = new Set(['VCPU', 'MEMORY_MB', 'DISK_GB']);

/** On which hosts Placement would take one more server of each size; a size that it was not asked about is missing. */
async function candidatesOf(
  cloud: Cloud,
  { servers = [] }: CloudView,
  providers: ReadonlyMap<string, readonly string[]>,
  signal: AbortSignal | undefined,
): Promise<{
  readonly candidates: ReadonlyMap<string, ReadonlySet<string>>;
  readonly gaps: readonly Gap[];
}> {
  const hostOf = new Map(Array.from(providers, ([host, [id]]) => [id, host]));
  const byFrequency = new Map<string, number>();
  for (const { needs } of servers) {
    const key = sizeKey(needs);
    if (key !== '') byFrequency.set(key, (byFrequency.get(key) ?? 0) + 1);
  }
  const sizes = [...byFrequency].toSorted(([, a], [, b]) => b - a);
  const candidates = new Map<string, ReadonlySet<string>>();
  const gaps: Gap[] = [];
  const rest = sizes.slice(0, SIZES).values();
  const reader = async (): Promise<void> => {
    for (const [key] of rest) {
      const [resources = '', required] = key.split('&');
      try {
        const { provider_summaries: summaries } = await cloud.placement
          .at('1.29')
          .allocationCandidates.get({ resources, ...(required !== undefined && { required }) }, { signal });
        const roots = Object.values(summaries).map(({ root_provider_uuid: root }) => hostOf.get(root));
        candidates.set(key, new Set(roots.filter((host) => host !== undefined)));
      } catch (error) {
        gaps.push(gapOf(`hosts for servers of ${resources}`, error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return { candidates, gaps };
}
