import { type Cloud, gapOf, type Gap } from '@groundcrew/core';
import type { Capacity, CloudView, HostView } from '../instances/situation.ts';

/** Requests to Placement at a time. */
const AT_ONCE = 16;

/**
 * The view with what each host has free, as Placement counts it: (total - reserved) × allocation ratio - used. A host
 * whose provider cannot be read keeps `free: undefined`, with the gap: it is not taken for full, nor for empty.
 *
 * Two requests for each host: for a plan or a simulation, not for every round of a controller.
 */
export async function withCapacity(
  cloud: Cloud,
  view: CloudView,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<CloudView> {
  if (view.hosts === undefined) return view;
  const gaps: Gap[] = [];
  const providers = new Map<string, string>();
  try {
    // The provider of a compute node has its hypervisor's host name, which need not be the service's.
    const named = new Map<string, string>();
    for await (const one of cloud.compute.at('2.53').hypervisors.list({}, { signal }))
      named.set(one.hypervisor_hostname, one.service.host);
    for await (const { name, uuid } of cloud.placement.resourceProviders.list({}, { signal })) {
      const host = named.get(name ?? '');
      if (host !== undefined) providers.set(host, uuid);
    }
  } catch (error) {
    gaps.push(gapOf('resource providers', error));
  }
  const hosts: HostView[] = [];
  const rest = view.hosts.entries();
  const reader = async (): Promise<void> => {
    for (const [at, host] of rest) {
      const provider = providers.get(host.host);
      if (provider === undefined) {
        hosts[at] = host;
        continue;
      }
      try {
        hosts[at] = { ...host, free: await freeOf(cloud, provider, signal) };
      } catch (error) {
        gaps.push(gapOf(`capacity of ${host.host}`, error));
        hosts[at] = host;
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

async function freeOf(
  cloud: Cloud,
  resource_provider_id: string,
  signal: AbortSignal | undefined,
): Promise<Capacity> {
  const [{ inventories }, { usages }] = await Promise.all([
    cloud.placement.inventories.get({ resource_provider_id }, { signal }),
    cloud.placement.usages.ofProvider({ resource_provider_id }, { signal }),
  ]);
  const free = (kind: string): number => {
    const one = inventories[kind];
    // What a provider does not count does not limit it: disks on shared storage are counted elsewhere.
    if (one === undefined) return Number.MAX_SAFE_INTEGER;
    return Math.max(0, Math.floor((one.total - one.reserved) * one.allocation_ratio) - (usages[kind] ?? 0));
  };
  return { vcpus: free('VCPU'), memory: free('MEMORY_MB'), disk: free('DISK_GB') };
}
