import { type Cloud, gapOf, type Gap } from '@groundcrew/core';
import type { Stock } from './placement-snapshot.ts';

/** Hosts that are asked about at a time. */
const AT_ONCE = 16;

/** The data that Placement has of a host. */
export interface Provider {
  readonly traits: readonly string[];
  readonly nested: boolean;
  readonly stock: Readonly<Record<string, Stock>>;
}

/** Reads traits, inventories and usages of the host of each hypervisor; what fails is put to the gaps. */
export async function readProviders(
  cloud: Cloud,
  gaps: Gap[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Provider>> {
  const found = new Map<string, Provider>();
  const hosts = new Map<string, string>();
  const nested = new Set<string>();
  const todo: { readonly host: string; readonly id: string }[] = [];
  try {
    // The provider of a compute node has its hypervisor's host name, which need not be the service's.
    for await (const hypervisor of cloud.compute.at('2.53').hypervisors.list({}, { signal }))
      hosts.set(hypervisor.hypervisor_hostname, hypervisor.service.host);
    const several = new Set(repeated([...hosts.values()]));
    for await (const { name, uuid, root_provider_uuid: root } of cloud.placement
      .at('1.14')
      .resourceProviders.list({}, { signal })) {
      if (root !== null && root !== uuid) {
        nested.add(root);
        continue;
      }
      // No hypervisor has the empty name: a provider without one (of storage, of IPs) is of no host.
      const host = hosts.get(name ?? '');
      if (host !== undefined && !several.has(host)) todo.push({ host, id: uuid });
    }
    // One service, many nodes, as of Ironic: which of them a server would get is not ours to say.
    for (const host of several)
      gaps.push({
        what: `resource providers of ${host}`,
        kind: 'unsupported',
        why: 'it has several nodes, each with traits and inventories of its own',
        remedy: undefined,
        requestIds: [],
      });
  } catch (error) {
    gaps.push(gapOf('resource providers', error));
    return found;
  }
  const rest = todo.values();
  const reader = async (): Promise<void> => {
    for (const { host, id } of rest) {
      try {
        found.set(host, { ...(await readProvider(cloud, id, signal)), nested: nested.has(id) });
      } catch (error) {
        gaps.push(gapOf(`resource provider of ${host}`, error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return found;
}

async function readProvider(
  cloud: Cloud,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Omit<Provider, 'nested'>> {
  const of = { resource_provider_id: id };
  const { placement } = cloud;
  const [{ traits }, { inventories }, { usages }] = await Promise.all([
    placement.at('1.6').providerTraits.get(of, { signal }),
    placement.inventories.get(of, { signal }),
    placement.usages.ofProvider(of, { signal }),
  ]);
  const stock = Object.fromEntries(
    Object.entries(inventories).map(
      ([kind, { total, reserved, allocation_ratio, max_unit, min_unit, step_size }]) => [
        kind,
        {
          total,
          reserved,
          allocation_ratio,
          max_unit,
          min_unit,
          step_size,
          // Placement tells 0 of a class that is not in use; one that is left out is not known.
          used: usages[kind],
        },
      ],
    ),
  );
  return { traits, stock };
}

const repeated = (all: readonly string[]): string[] =>
  all.filter((value, index) => all.indexOf(value) !== index);
