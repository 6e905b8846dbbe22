import type { Cloud } from '@groundcrew/core';
import { readOptions, type ReadOptions } from '@groundcrew/ground';
import { anInventory, type CloudInventory, readInventory } from '@groundcrew/monitoring';

/** Options of what reads a cloud beside its inventory. */
export interface InventoryReading extends ReadOptions {
  /** Read before; without it, it is read. */
  readonly inventory?: CloudInventory | undefined;
}

/** For the strict options of readers. */
export const inventoryReading = { ...readOptions, inventory: anInventory.optional() };

/** The inventory that was given, or the cloud's now. */
export const inventoryOf = async (
  cloud: Cloud,
  { inventory, signal }: InventoryReading,
): Promise<CloudInventory> => inventory ?? readInventory(cloud, { signal });
