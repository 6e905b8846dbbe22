import type { Capacity } from './situation.ts';

/** A flavor as a server carries it. */
export interface CarriedFlavor {
  readonly vcpus: number;
  readonly ram: number;
  readonly disk: number;
  readonly ephemeral: number;
  readonly swap: number;
  /** Left out where policy hides it. */
  readonly extra_specs?: Readonly<Record<string, string>> | undefined;
}

/** Resource classes that have a field of their own. */
const OWN: Readonly<Record<string, 'vcpus' | 'memory' | 'disk'>> = {
  VCPU: 'vcpus',
  MEMORY_MB: 'memory',
  DISK_GB: 'disk',
};

/**
 * The resources that a server asks of Placement, by its flavor, as nova-scheduler translates it (nova `scheduler/utils.py`,
 * `ResourceRequest`): dedicated CPUs are `PCPU`, `resources:` and `trait:` are taken over, and a root disk on a volume counts
 * nothing. `undefined` of a flavor that Nova did not tell: then it needs what nobody knows.
 */
export function needsOf(flavor: CarriedFlavor | undefined, bootsFromVolume: boolean): Capacity {
  if (flavor === undefined)
    return { vcpus: 0, memory: 0, disk: 0, uncounted: 'a flavor that Nova did not tell' };
  const { extra_specs } = flavor;
  const specs = Object.entries(extra_specs ?? {});
  const amounts = { vcpus: flavor.vcpus, memory: flavor.ram, disk: diskOf(flavor, bootsFromVolume) };
  const others: Record<string, number> = {};
  const traits: string[] = [];
  // Dedicated CPUs, traits and devices are in there: hidden, they may be anything.
  const uncounted = extra_specs === undefined ? ['extra specs that Nova did not tell'] : [];
  const policy = extra_specs?.['hw:cpu_policy'];
  if (policy === 'dedicated') {
    others['PCPU'] = amounts.vcpus;
    amounts.vcpus = 0;
    // One more for the emulator (nova `virt/hardware.py`).
    if (extra_specs?.['hw:emulator_threads_policy'] === 'isolate') others['PCPU'] += 1;
  } else if (policy === 'mixed') uncounted.push('a mix of shared and dedicated CPUs');
  for (const [key, value] of specs) {
    const [, group, kind] = /^resources([^:]*):([A-Z0-9_]+)$/.exec(key) ?? [];
    const [, inGroup, trait] = /^trait([^:]*):([A-Z0-9_]+)$/.exec(key) ?? [];
    if (kind !== undefined) {
      const amount = Number(value);
      if (group !== '' || !Number.isInteger(amount) || amount < 0) uncounted.push(`${key}=${value}`);
      else if (OWN[kind] === undefined) others[kind] = amount;
      else amounts[OWN[kind]] = amount;
    } else if (trait !== undefined) {
      if (inGroup !== '') uncounted.push(`${key}=${value}`);
      else if (value === 'required') traits.push(trait);
      else if (value === 'forbidden') traits.push(`!${trait}`);
    } else if (NOT_IN_PLACEMENT.test(key)) uncounted.push(`${key}=${value}`);
  }
  return {
    ...amounts,
    ...(Object.keys(others).length > 0 && { others }),
    ...(traits.length > 0 && { traits }),
    ...(uncounted.length > 0 && { uncounted: uncounted.join(', ') }),
  };
}

/**
 * The needs that filters of the scheduler check, and Placement does not count by default: PCI devices, NUMA cells, huge
 * pages.
 */
const NOT_IN_PLACEMENT =
  /^(pci_passthrough:alias|accel:device_profile|hw:numa_nodes|hw:mem_page_size|hw:pmem)$/;

function diskOf(flavor: CarriedFlavor, bootsFromVolume: boolean): number {
  const root = bootsFromVolume ? 0 : flavor.disk;
  return root + flavor.ephemeral + Math.ceil(flavor.swap / 1024);
}

/**
 * The request to Placement for one server of that size: servers of one key fit on the same hosts.
 *
 * @example
 * sizeKey(server.needs); // 'VCPU:2,MEMORY_MB:2048,DISK_GB:20'
 */
export function sizeKey({ vcpus, memory, disk, others = {}, traits = [] }: Capacity): string {
  const amounts: [string, number][] = [
    ['VCPU', vcpus],
    ['MEMORY_MB', memory],
    ['DISK_GB', disk],
    ...Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ];
  const resources = amounts.flatMap(([kind, amount]) => (amount > 0 ? [`${kind}:${amount}`] : []));
  const required = traits.toSorted();
  return required.length === 0 ? resources.join(',') : `${resources.join(',')}&${required.join(',')}`;
}
