import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { tolerant } from '../../record/tolerant.ts';

/** GiB; or `infinite` or `unknown`, where a driver cannot say. */
const Capacity = z.union([z.number(), z.string()]).nullable().optional();

/** Some drivers report booleans and numbers as text. */
const Figure = z.union([z.number(), z.string()]).nullable().optional();
const Flag = z.union([z.boolean(), z.string()]).nullable().optional();

/** A part of a backend that volumes go to, as the scheduler knows it. */
export const Pool = answer({
  /** `host@backend#pool` */
  name: z.string(),
  /** Absent without `detail`; may be empty. */
  capabilities: tolerant({
    total_capacity_gb: Capacity,
    free_capacity_gb: Capacity,
    /** The capacity that volumes would take if they were all full. */
    allocated_capacity_gb: Figure,
    provisioned_capacity_gb: Figure,
    max_over_subscription_ratio: Figure,
    reserved_percentage: Figure,
    thin_provisioning_support: Flag,
    thick_provisioning_support: Flag,
    multiattach: Flag,
    /** Whether it takes the snapshots of a group's volumes at one moment; absent from drivers that do not. */
    consistent_group_snapshot_enabled: Flag,
    volume_backend_name: z.string().nullable().optional(),
    pool_name: z.string().nullable().optional(),
    driver_version: z.string().nullable().optional(),
    storage_protocol: z.string().nullable().optional(),
    vendor_name: z.string().nullable().optional(),
    /** `up` or `down`, from drivers that say so. */
    backend_state: z.string().nullable().optional(),
    /** The time at which the scheduler last heard of it. */
    timestamp: Timestamp.nullable().optional(),
  })
    .nullable()
    .optional(),
});
export type Pool = OutputAt<typeof Pool>;

/** Pools of all backends that reported since the scheduler started. Administrators only. */
export const pools = resource({
  name: 'pools',
  operations: {
    /** With capacities, unless `detail` is false. A backend that is down may be missing, or be there with old figures. */
    list: operation({
      verb: 'GET',
      path: 'scheduler-stats/get_pools',
      receive: 'pools',
      page: 'none',
      input: args({
        /** @default true */
        detail: z.boolean().default(true),
        name: since('3.28', z.string().optional()),
        /** Name or id of a volume type that may go there. */
        volume_type: since('3.35', z.string().optional()),
      }),
      output: Pool,
    }),
  },
});
