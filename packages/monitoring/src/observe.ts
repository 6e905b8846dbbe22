import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Cloud, type Listed, observeList, type Observed } from '@groundcrew/core';
import { anInventory, type CloudInventory, readInventory } from './inventory.ts';
import { type Measured, measuredOptions, type MeasuredOptions, observeMeasured } from './measured.ts';

export type StoragePool = Listed<'blockStorage', 'pools'>;

export interface MonitoringSnapshot {
  readonly inventory: CloudInventory;
  readonly measured: Observed<Measured>;
  readonly pools: Observed<readonly StoragePool[]>;
}

export interface ObserveMonitoringOptions extends MeasuredOptions {
  /** Read before; without it, it is read. */
  readonly inventory?: CloudInventory | undefined;
}

const observeOptions = optionsSchema<ObserveMonitoringOptions>({
  ...measuredOptions,
  inventory: anInventory.optional(),
});

/** Reads what is there, what of it is measured, and how full the storage is. */
export async function observe(
  cloud: Cloud,
  options: ObserveMonitoringOptions = {},
): Promise<MonitoringSnapshot> {
  parseArguments('monitoring.observe', observeOptions, options);
  const { inventory, freshness, ...read } = options;
  const clock = { now: () => cloud.clock.now() };
  const [known, measured, pools] = await Promise.all([
    inventory ?? readInventory(cloud, read),
    observeMeasured(cloud, { ...read, freshness }),
    observeList('storage pools', cloud.blockStorage.pools.list({ detail: true }, read), clock),
  ]);
  return { inventory: known, measured, pools };
}
