import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Cloud, type Listed, observeList, type Observed } from '@groundcrew/core';
import { anInventory, type CloudInventory, readInventory } from './inventory.ts';
import { type Measured, measuredOptions, type MeasuredOptions, observeMeasured } from './measured.ts';
import {
  anUptimeTarget,
  observeUptime,
  type UptimeAgainstTarget,
  type UptimeTargetOptions,
} from './uptime-target.ts';

export type StoragePool = Listed<'blockStorage', 'pools'>;

export interface MonitoringSnapshot {
  readonly inventory: CloudInventory;
  readonly measured: Observed<Measured>;
  readonly pools: Observed<readonly StoragePool[]>;
  /** `undefined`: no ledger was asked. */
  readonly uptime?: Observed<UptimeAgainstTarget> | undefined;
}

export interface ObserveMonitoringOptions extends MeasuredOptions {
  /** Read before; without it, it is read. */
  readonly inventory?: CloudInventory | undefined;
  /** The ledger that knows how long things were up, and what of it was promised. @default nobody is asked */
  readonly uptime?: UptimeTargetOptions | undefined;
}

const observeOptions = optionsSchema<ObserveMonitoringOptions>({
  ...measuredOptions,
  inventory: anInventory.optional(),
  uptime: anUptimeTarget.optional(),
});

/**
 * Reads what is there, what of it is measured, how full the storage is, and of a ledger how long things were up.
 *
 * @throws InputError on an option that there is not
 */
export async function observe(
  cloud: Cloud,
  options: ObserveMonitoringOptions = {},
): Promise<MonitoringSnapshot> {
  parseArguments('monitoring.observe', observeOptions, options);
  const { inventory, freshness, uptime, ...read } = options;
  const clock = { now: () => cloud.clock.now() };
  const [known, measured, pools, up] = await Promise.all([
    inventory ?? readInventory(cloud, read),
    observeMeasured(cloud, { ...read, freshness }),
    observeList('storage pools', cloud.blockStorage.pools.list({ detail: true }, read), clock),
    uptime === undefined ? undefined : observeUptime(uptime, clock.now()),
  ]);
  return { inventory: known, measured, pools, ...(up === undefined ? {} : { uptime: up }) };
}
