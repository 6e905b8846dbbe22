import { type Cloud, gapOf, type Gap } from '@groundcrew/core';
import type { Capacity, CloudView, HostView } from './situation.ts';

/** Requests to Placement at a time. */
const AT_ONCE = 16;

/**
 * The view with what each host has free, as Placement counts it: (total - reserved) × allocation ratio - used. A host
 * whose provider cannot be read keeps `free: undefined`, with the gap: it is not taken for full, nor for empty.
 *
 * Two requests tell of all hosts on which one virtual CPU is left; each of the others takes two of its own.
 */
export async function withCapacity(
  cloud: Cloud,
  view: CloudView,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<CloudView> {
  if (view.hosts === undefined) return view;
  const gaps: Gap[] = [];
  let providers: ReadonlyMap<string, string> = new Map();
  let roomy: ReadonlyMap<string, Capacity> = new Map();
  try {
    [providers, roomy] = await Promise.all([providersOf(cloud, signal), roomyOnes(cloud, signal)]);
  } catch (error) {
    gaps.push(gapOf('free capacity of the compute hosts', error));
  }
  const hosts: HostView[] = [];
  const rest = view.hosts.entries();
  const reader = async (): Promise<void> => {
    for (const [at, host] of rest) {
      hosts[at] = host;
      const provider = providers.get(host.host);
      if (provider === undefined) continue;
      try {
        hosts[at] = { ...host, free: roomy.get(provider) ?? (await freeOf(cloud, provider, signal)) };
      } catch (error) {
        gaps.push(gapOf(`capacity of ${host.host}`, error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return {
    ...view,
    hosts,
    completeness: gaps.length === 0 ? view.completeness : 'partial',
    gaps: [...view.gaps, ...gaps],
  };
}

/** The resource provider of each compute host: from 2.53 on a hypervisor has its provider's UUID (nova, `compute_node.uuid`). */
async function providersOf(
  cloud: Cloud,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const providers = new Map<string, string>();
  for await (const { id, service } of cloud.compute.at('2.53').hypervisors.list({}, { signal }))
    providers.set(service.host, id);
  return providers;
}

/**
 * Whoever could take one more virtual CPU, with all that is free in its tree of providers. Those that could not are
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
  return new Map(Array.from(free, ([root, tree]) => [root, capacityOf((kind) => tree.get(kind))]));
}

async function freeOf(
  cloud: Cloud,
  resource_provider_id: string,
  signal: AbortSignal | undefined,
): Promise<Capacity> {
  const [{ inventories }, { usages }] = await Promise.all([
    cloud.placement.inventories.get({ resource_provider_id }, { signal }),
    cloud.placement.usages.ofProvider({ resource_provider_id }, { signal }),
  ]);
  return capacityOf((kind) => {
    const one = inventories[kind];
    if (one === undefined) return undefined;
    return Math.max(0, Math.floor((one.total - one.reserved) * one.allocation_ratio) - (usages[kind] ?? 0));
  });
}

/** What a provider does not count does not limit it: disks on shared storage are counted elsewhere. */
function capacityOf(free: (kind: string) => number | undefined): Capacity {
  const of = (kind: string): number => free(kind) ?? Number.MAX_SAFE_INTEGER;
  return { vcpus: of('VCPU'), memory: of('MEMORY_MB'), disk: of('DISK_GB') };
}
