import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

const Service = tolerant({
  id: z.number(),
  host: z.string(),
  binary: z.string(),
  cluster_name: z.string().nullable(),
});

/** Jobs that a service left unfinished when it died. */
export const workers = resource({
  name: 'workers',
  operations: {
    /**
     * Have the surviving services of a cluster clean up after those that are down. Administrators only.
     *
     * All arguments narrow down which services are cleaned up after.
     */
    cleanup: operation({
      verb: 'POST',
      path: 'workers/cleanup',
      since: '3.24',
      status: 202,
      input: args({
        cluster_name: z.string().nullable().optional(),
        host: z.string().nullable().optional(),
        service_id: z.union([z.number().int(), z.string()]).nullable().optional(),
        binary: z.enum(['cinder-volume', 'cinder-scheduler']).optional(),
        disabled: z.boolean().optional(),
        // Said outright, for Cinder wants a body even if it says nothing.
        /** @default false: after those that are down */
        is_up: z.boolean().default(false),
        resource_id: z.string().nullable().optional(),
        resource_type: z.enum(['Volume', 'Snapshot']).nullable().optional(),
      }),
      output: tolerant({
        /** Services that were told to clean up after themselves, or another of their cluster. */
        cleaning: z.array(Service),
        /** Services that nobody can clean up after. */
        unavailable: z.array(Service),
      }),
    }),
  },
});
