import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';

const Text = z.string().nullable().optional();

/** The capabilities of a backend. */
export const Capabilities = answer({
  /** `OS::Storage::Capabilities::host@backend` */
  namespace: z.string(),
  vendor_name: Text,
  volume_backend_name: Text,
  pool_name: Text,
  driver_version: Text,
  storage_protocol: Text,
  display_name: Text,
  description: Text,
  visibility: Text,
  replication_targets: z.array(z.unknown()).optional(),
  /** Extra specs that types may use: each with title, description and type. */
  properties: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type Capabilities = OutputAt<typeof Capabilities>;

/** Capabilities of backends. Administrators only. */
export const capabilities = resource({
  name: 'capabilities',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'capabilities/{id}',
      input: args({
        /** `host@backend` */
        id: z.string(),
      }),
      output: Capabilities,
    }),
  },
});
