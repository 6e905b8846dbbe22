import type { Location, PlacementSnapshot, Workload } from '../../src/placement.ts';

/** A server that asks for little and is bound to nothing. */
export const workload = (id: string, parts: Partial<Workload> = {}): Workload => ({
  id,
  name: id,
  project_id: 'shop',
  host: 'h1',
  status: 'ACTIVE',
  vcpus: 2,
  ram: 4_096,
  disk: 20,
  extra_specs: {},
  image_properties: {},
  zone: undefined,
  labels: {},
  group: undefined,
  volumes: [],
  onVolume: false,
  ...parts,
});

/** The inventory of one resource of a host. */
export const stock = (total: number, parts: object = {}) => ({
  total,
  reserved: 0,
  allocation_ratio: 1,
  used: 0,
  ...parts,
});

/** A host with room for anybody. What it does not count it cannot give: the others are there, too. */
export const location = (host: string, parts: Partial<Location> = {}): Location => ({
  host,
  zone: 'a',
  aggregates: [],
  labels: {},
  traits: [],
  stock: { VCPU: stock(16), MEMORY_MB: stock(32_768), DISK_GB: stock(500) },
  enabled: true,
  up: true,
  ...parts,
});

export const snapshot = (
  locations: readonly Location[],
  workloads: readonly Workload[] = [],
): PlacementSnapshot => ({
  at: '2026-11-23T12:00:00.000Z',
  locations,
  workloads,
  gaps: [],
});
