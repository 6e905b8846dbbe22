import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, since } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A port at a server. */
export const Interface = answer({
  port_id: z.string(),
  net_id: z.string(),
  mac_addr: z.string(),
  /** `ACTIVE`, `DOWN`, `BUILD`, … */
  port_state: z.string(),
  fixed_ips: z.array(tolerant({ ip_address: z.string(), subnet_id: z.string().optional() })).nullable(),
  tag: since('2.70', z.string().nullable()),
});
export type Interface = OutputAt<typeof Interface>;

const OnePort = args({
  server_id: z.string(),
  /** The port's. */
  id: z.string(),
});

/** The ports of one server. */
export const interfaces = resource({
  name: 'interfaces',
  operations: {
    /** Show one port. 404 if it is not of this server. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-interface/{id}',
      receive: 'interfaceAttachment',
      input: OnePort,
      output: Interface,
    }),
    /** List all ports of the server. */
    list: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-interface',
      receive: 'interfaceAttachments',
      page: 'none',
      input: args({ server_id: z.string() }),
      output: Interface,
    }),
    /**
     * Attach a port that is there, or make one in a network; with neither, one in the project's only network
     * (409 if it has several). Nova deletes ports that it made with their server.
     */
    create: operation({
      verb: 'POST',
      path: 'servers/{server_id}/os-interface',
      send: 'interfaceAttachment',
      receive: 'interfaceAttachment',
      input: args({
        server_id: z.string(),
        port_id: z.string().optional(),
        net_id: z.string().optional(),
        /** Just one, and only with `net_id`. */
        fixed_ips: z
          .array(z.strictObject({ ip_address: z.string() }))
          .length(1)
          .optional(),
        tag: since('2.49', z.string().optional()),
      }),
      output: Interface,
    }),
    /** Detach a port. Asynchronous. */
    delete: operation({
      verb: 'DELETE',
      path: 'servers/{server_id}/os-interface/{id}',
      input: OnePort,
      status: 202,
    }),
  },
});
