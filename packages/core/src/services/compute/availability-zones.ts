import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { tolerant } from '../../record/tolerant.ts';

const zone = {
  zoneName: z.string(),
  zoneState: tolerant({
    /** It has a compute service that is enabled. */
    available: z.boolean(),
  }),
};

const ServiceState = tolerant({
  active: z.boolean(),
  available: z.boolean(),
  updated_at: Timestamp.nullable(),
});

/** A zone, as anybody sees it. */
export const AvailabilityZone = answer({ ...zone, hosts: z.null().optional() });
export type AvailabilityZone = OutputAt<typeof AvailabilityZone>;

/** A zone with its hosts. */
export const AvailabilityZoneDetail = answer({
  ...zone,
  /** By host, then by service: `available` by heartbeat, `active` if enabled. `null` for a zone not available. */
  hosts: z.record(z.string(), z.record(z.string(), ServiceState)).nullable(),
});
export type AvailabilityZoneDetail = OutputAt<typeof AvailabilityZoneDetail>;

/** Zones in which servers can be asked to run. */
export const availabilityZones = resource({
  name: 'availabilityZones',
  operations: {
    /** List all zones but `internal`. */
    list: operation({
      verb: 'GET',
      path: 'os-availability-zone',
      receive: 'availabilityZoneInfo',
      page: 'none',
      input: args({}),
      output: AvailabilityZone,
    }),
    /** With hosts and services, and with `internal`, where the control plane is. Administrators only. */
    listDetail: operation({
      verb: 'GET',
      path: 'os-availability-zone/detail',
      receive: 'availabilityZoneInfo',
      page: 'none',
      input: args({}),
      output: AvailabilityZoneDetail,
    }),
  },
});
