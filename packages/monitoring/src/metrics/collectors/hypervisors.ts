import { collector, type DrawContext } from '../collector.ts';
import { aggregates, hypervisors as list } from '../lists/compute.ts';
import { metric } from '../metric.ts';
import { bytesOfGib, bytesOfMib } from '../units.ts';

type Aggregates = readonly {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly availability_zone: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}[];

interface Place {
  readonly zone: string;
  readonly names: string;
}

interface Node {
  readonly hypervisor_hostname: string;
  readonly service: { readonly host: string };
}

/** The figures of a hypervisor that Nova counts itself, each under openstack-exporter's name. */
const figure = <H extends Node>(
  name: string,
  help: string,
  value: (hypervisor: H) => number | null | undefined,
  more: { readonly unit?: string; readonly differs?: string; readonly isSigned?: boolean } = {},
) => ({
  metric: metric({
    name,
    help,
    unit: more.unit,
    labels: ['hostname', 'availability_zone', 'aggregates'],
    peer: { name, differs: more.differs },
  }),
  by: 'each' as const,
  isSigned: more.isSigned,
  draw: (hypervisor: H, { lists }: DrawContext<{ readonly aggregates: Aggregates }>) => {
    const { zone, names } = placesIn(lists.aggregates).get(hypervisor.service.host) ?? NOWHERE;
    return [[value(hypervisor), hypervisor.hypervisor_hostname, zone, names]] as const;
  },
});

interface Counters extends Node {
  readonly vcpus: number;
  readonly vcpus_used: number;
  readonly memory_mb: number;
  readonly memory_mb_used: number;
  readonly local_gb: number;
  readonly local_gb_used: number;
  readonly free_disk_gb: number | null;
  readonly current_workload: number | null;
}

const bytes = { unit: 'bytes' };

export const hypervisors = collector({
  name: 'hypervisors',
  help: "Nodes and what Nova counts of them; Placement's figures are the collector placement's.",
  lists: [list],
  with: { aggregates },
  metrics: [
    figure(
      'openstack_nova_vcpus_available',
      'CPUs of a node, used or not, as its driver reports them.',
      (node: Counters) => node.vcpus,
      {
        differs:
          'There it is the product of the topology where a node tells it, CPUs kept from guests included.',
      },
    ),
    figure(
      'openstack_nova_vcpus_used',
      'CPUs that are promised to servers of a node.',
      (node: Counters) => node.vcpus_used,
    ),
    figure(
      'openstack_nova_memory_available_bytes',
      'Memory of a node, used or not.',
      (node: Counters) => bytesOfMib(node.memory_mb),
      bytes,
    ),
    figure(
      'openstack_nova_memory_used_bytes',
      'Memory of a node that is promised to servers, or kept for the host.',
      (node: Counters) => bytesOfMib(node.memory_mb_used),
      bytes,
    ),
    figure(
      'openstack_nova_local_storage_available_bytes',
      'Local storage of a node, used or not.',
      (node: Counters) => bytesOfGib(node.local_gb),
      bytes,
    ),
    figure(
      'openstack_nova_local_storage_used_bytes',
      'Local storage of a node that is promised to servers.',
      (node: Counters) => bytesOfGib(node.local_gb_used),
      bytes,
    ),
    figure(
      'openstack_nova_free_disk_bytes',
      'Local storage of a node that is not promised: below 0 of one that has promised more than it has.',
      (node: Counters) => bytesOfGib(node.free_disk_gb),
      { ...bytes, isSigned: true },
    ),
    figure(
      'openstack_nova_current_workload',
      'Tasks that a node works on: builds, migrations, snapshots.',
      (node: Counters) => node.current_workload,
    ),
  ],
});

const NOWHERE: Place = { zone: '', names: '' };
const known = new WeakMap<Aggregates, ReadonlyMap<string, Place>>();

/** The zone of each host, and the aggregates it is in that are more than a zone. */
function placesIn(all: Aggregates): ReadonlyMap<string, Place> {
  const found = known.get(all);
  if (found !== undefined) return found;
  const zones = new Map<string, string>();
  const names = new Map<string, string[]>();
  for (const { name, hosts, availability_zone, metadata } of all) {
    const isZoneOnly = Object.keys(metadata).length === 1 && 'availability_zone' in metadata;
    for (const host of hosts) {
      if (availability_zone !== null) zones.set(host, availability_zone);
      if (!isZoneOnly) names.set(host, [...(names.get(host) ?? []), name]);
    }
  }
  const hosts = new Set([...zones.keys(), ...names.keys()]);
  const places = new Map(
    [...hosts].map((host) => [
      host,
      { zone: zones.get(host) ?? '', names: (names.get(host) ?? []).toSorted().join(',') },
    ]),
  );
  known.set(all, places);
  return places;
}
