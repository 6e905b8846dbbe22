import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A service as the older list of hosts tells it. */
export const VolumeHost = answer({
  host_name: z.string(),
  service: z.string(),
  zone: z.string(),
  /** `available` or `unavailable`: whether it is up. */
  'service-status': z.string(),
  /** `enabled` or `disabled`. */
  'service-state': z.string(),
  /** Empty if it never reported. */
  'last-update': Timestamp.nullable(),
});
export type VolumeHost = OutputAt<typeof VolumeHost>;

/** Cinder's hosts. Deprecated in Cinder in favour of `services`; `get` has no other source. Administrators only. */
export const hosts = resource({
  name: 'hosts',
  operations: {
    list: operation({
      verb: 'GET',
      path: 'os-hosts',
      receive: 'hosts',
      page: 'none',
      input: args({
        zone: z.string().optional(),
        /** `cinder-volume`, … */
        service: z.string().optional(),
      }),
      output: VolumeHost,
    }),
    /** Show the usage of a host: first in sum, with the project `(total)`, then by project. All figures are text. */
    get: operation({
      verb: 'GET',
      path: 'os-hosts/{id}',
      receive: 'host',
      input: args({
        /** `host@backend` */
        id: z.string(),
      }),
      output: z.array(
        tolerant({
          resource: tolerant({
            host: z.string(),
            project: z.string(),
            volume_count: z.string(),
            /** GiB */
            total_volume_gb: z.string(),
            snapshot_count: z.string(),
            /** GiB */
            total_snapshot_gb: z.string(),
          }),
        }),
      ),
    }),
    /** Enable or disable its volume service. */
    update: operation({
      verb: 'PUT',
      path: 'os-hosts/{id}',
      input: args({ id: z.string(), status: z.enum(['enable', 'disable']) }),
      output: tolerant({ host: z.string(), status: z.string() }),
    }),
  },
});
