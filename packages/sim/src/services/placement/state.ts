import type { Ids } from '../../ids.ts';
import { Store } from '../../store.ts';
import type { Json } from '../../wire.ts';

export interface Inventory {
  total: number;
  reserved: number;
  min_unit: number;
  max_unit: number;
  step_size: number;
  allocation_ratio: number;
}

export interface Provider {
  readonly id: string;
  name: string;
  generation: number;
  parent: string | null;
  inventories: Record<string, Inventory>;
  traits: string[];
  aggregates: string[];
}

/** Resources by name: `{ VCPU: 2, MEMORY_MB: 4096 }`. */
export type Resources = Readonly<Record<string, number>>;

export interface Consumer {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly type: string;
  generation: number;
  /** The resources by provider. */
  readonly allocations: Map<string, Resources>;
}

/** The state of Placement. Nova records its allocations here, so that the two always agree. */
export class PlacementState {
  readonly providers = new Store<Provider>();
  readonly consumers = new Map<string, Consumer>();
  readonly traits = new Set<string>(STANDARD_TRAITS);
  readonly classes = new Set<string>(STANDARD_CLASSES);
  /**
   * The used amounts by provider and class. They are kept, so that a page of providers needs no sum over all consumers.
   */
  readonly #used = new Map<string, Map<string, number>>();

  addProvider(
    ids: Ids,
    name: string,
    inventories: Record<string, Inventory> = {},
    id = ids.uuid(),
    parent: string | null = null,
  ): Provider {
    return this.providers.add({ id, name, generation: 0, parent, inventories, traits: [], aggregates: [] });
  }

  byName(name: string): Provider | undefined {
    return this.providers.find((provider) => provider.name === name);
  }

  used(provider: string, resource: string): number {
    return this.#used.get(provider)?.get(resource) ?? 0;
  }

  free(provider: Provider, resource: string): number {
    const inventory = provider.inventories[resource];
    return inventory === undefined ? 0 : capacity(inventory) - this.used(provider.id, resource);
  }

  fits(provider: Provider, resources: Resources): boolean {
    return Object.entries(resources).every(
      ([resource, amount]) => amount === 0 || this.free(provider, resource) >= amount,
    );
  }

  /** Tells whether a provider is a candidate for a request: it has room, in units that its inventories allow. */
  hasRoomFor(provider: Provider, resources: Resources): boolean {
    return (
      this.fits(provider, resources) &&
      Object.entries(resources).every(
        ([resource, amount]) => amount === 0 || inUnits(provider.inventories[resource], amount),
      )
    );
  }

  /** Replaces all allocations of a consumer; without allocations it is removed. */
  allocate(
    id: string,
    owner: {
      project_id: string;
      user_id: string;
      type?: string;
      /** The number of the allocations that these follow, where they were taken away before. */
      generation?: number;
    },
    allocations: Readonly<Record<string, Resources>>,
  ): void {
    const before = this.consumers.get(id);
    for (const [provider, resources] of before?.allocations ?? []) this.#count(provider, resources, -1);
    const entries = Object.entries(allocations).filter(([, resources]) => Object.keys(resources).length > 0);
    for (const [provider, resources] of entries) this.#count(provider, resources, 1);
    if (entries.length === 0) {
      this.consumers.delete(id);
      return;
    }
    this.consumers.set(id, {
      id,
      project_id: owner.project_id,
      user_id: owner.user_id,
      type: owner.type ?? before?.type ?? 'INSTANCE',
      generation: (before?.generation ?? owner.generation ?? 0) + 1,
      allocations: new Map(entries),
    });
  }

  #count(provider: string, resources: Resources, sign: 1 | -1): void {
    const used = this.#used.get(provider) ?? new Map<string, number>();
    this.#used.set(provider, used);
    for (const [resource, amount] of Object.entries(resources))
      used.set(resource, (used.get(resource) ?? 0) + sign * amount);
    const known = this.providers.get(provider);
    if (known !== undefined) known.generation += 1;
  }

  usages(provider: Provider): Json {
    return Object.fromEntries(
      Object.keys(provider.inventories).map((name) => [name, this.used(provider.id, name)]),
    );
  }
}

export const capacity = (inventory: Inventory): number =>
  Math.floor((inventory.total - inventory.reserved) * inventory.allocation_ratio);

export const inventoryOf = (total: number, ratio = 1, reserved = 0): Inventory => ({
  total,
  reserved,
  min_unit: 1,
  max_unit: total,
  step_size: 1,
  allocation_ratio: ratio,
});

const STANDARD_CLASSES = [
  'VCPU',
  'MEMORY_MB',
  'DISK_GB',
  'PCI_DEVICE',
  'SRIOV_NET_VF',
  'NUMA_SOCKET',
  'NUMA_CORE',
  'NUMA_THREAD',
  'NUMA_MEMORY_MB',
  'IPV4_ADDRESS',
  'VGPU',
  'VGPU_DISPLAY_HEAD',
  'NET_BW_EGR_KILOBIT_PER_SEC',
  'NET_BW_IGR_KILOBIT_PER_SEC',
  'PCPU',
  'MEM_ENCRYPTION_CONTEXT',
  'FPGA',
  'PGPU',
  'NET_PACKET_RATE_KILOPACKET_PER_SEC',
];

/** A part of os-traits: the traits of this cloud's compute hosts, and a few others. */
const STANDARD_TRAITS = [
  'COMPUTE_ACCELERATORS',
  'COMPUTE_DEVICE_TAGGING',
  'COMPUTE_IMAGE_TYPE_QCOW2',
  'COMPUTE_IMAGE_TYPE_RAW',
  'COMPUTE_NET_ATTACH_INTERFACE',
  'COMPUTE_NODE',
  'COMPUTE_STATUS_DISABLED',
  'COMPUTE_TRUSTED_CERTS',
  'COMPUTE_VOLUME_ATTACH_WITH_TAG',
  'COMPUTE_VOLUME_EXTEND',
  'COMPUTE_VOLUME_MULTI_ATTACH',
  'HW_CPU_X86_AVX2',
  'HW_CPU_X86_AVX512F',
  'HW_CPU_X86_VMX',
  'HW_NIC_SRIOV',
  'MISC_SHARES_VIA_AGGREGATE',
  'STORAGE_DISK_SSD',
];

/**
 * Tells whether one request may take an amount: from `min_unit` to `max_unit`, in whole steps (placement
 * `objects/inventory.py`).
 */
const inUnits = (inventory: Inventory | undefined, amount: number): boolean =>
  inventory !== undefined &&
  amount >= inventory.min_unit &&
  amount <= inventory.max_unit &&
  amount % inventory.step_size === 0;
