import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';
import { known } from '../../record/tolerant.ts';

/** The binding of a port on one host. */
export const PortBinding = answer({
  host: z.string(),
  /** Of one port only one is `ACTIVE`, the others are `INACTIVE`. */
  status: known(['ACTIVE', 'INACTIVE']),
  vif_type: z.string().nullable(),
  vnic_type: z.string(),
  profile: z.record(z.string(), z.unknown()).nullable().optional(),
  vif_details: z.record(z.string(), z.unknown()).nullable().optional(),
  project_id: z.string().optional(),
});
export type PortBinding = OutputAt<typeof PortBinding>;

const Common = {
  profile: z.record(z.string(), z.unknown()).nullable().optional(),
  vnic_type: z.string().optional(),
} as const;

/**
 * Bindings of a port: one for each host that it is on, or during a live migration is about to be on (extension
 * `binding-extended`). Administrators and services only.
 */
export const portBindings = resource({
  name: 'portBindings',
  operations: {
    /** Iterate over the bindings of a port, in one answer. */
    list: operation({
      verb: 'GET',
      path: 'ports/{port_id}/bindings',
      receive: 'bindings',
      page: 'none',
      input: args({
        port_id: z.string(),
        host: Text,
        status: Text,
        vif_type: Text,
        vnic_type: Text,
      }),
      output: PortBinding,
    }),
    /** Bind a port on a further host; inactive, where it has an active one. */
    create: operation({
      verb: 'POST',
      path: 'ports/{port_id}/bindings',
      send: 'binding',
      receive: 'binding',
      input: args({ port_id: z.string(), host: z.string(), ...Common }),
      output: PortBinding,
      status: 201,
    }),
    /** Change the binding on the host `id`. */
    update: operation({
      verb: 'PUT',
      path: 'ports/{port_id}/bindings/{id}',
      send: 'binding',
      receive: 'binding',
      input: args({ port_id: z.string(), id: z.string(), host: z.string().optional(), ...Common }),
      output: PortBinding,
    }),
    /** Make the binding on the host `id` the active one. Neutron answers 409 if it is; the answer has no envelope. */
    activate: operation({
      verb: 'PUT',
      path: 'ports/{port_id}/bindings/{id}/activate',
      input: args({ port_id: z.string(), id: z.string() }),
      output: PortBinding,
      idempotent: false,
    }),
    /** Unbind the port on the host `id`. */
    delete: operation({
      verb: 'DELETE',
      path: 'ports/{port_id}/bindings/{id}',
      input: args({ port_id: z.string(), id: z.string() }),
    }),
  },
});
