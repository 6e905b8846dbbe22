import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

/** An availability zone of volumes. Its name need not be one of Nova's. */
export const VolumeAvailabilityZone = answer({
  zoneName: z.string(),
  zoneState: tolerant({ available: z.boolean() }),
});
export type VolumeAvailabilityZone = OutputAt<typeof VolumeAvailabilityZone>;

/** Availability zones. */
export const availabilityZones = resource({
  name: 'availabilityZones',
  operations: {
    list: operation({
      verb: 'GET',
      path: 'os-availability-zone',
      receive: 'availabilityZoneInfo',
      page: 'none',
      input: args({}),
      output: VolumeAvailabilityZone,
    }),
  },
});
