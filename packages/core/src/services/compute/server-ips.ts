import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { ServerAddresses } from './server.ts';

/** The addresses of one server, without the rest of it. */
export const serverIps = resource({
  name: 'serverIps',
  operations: {
    /** Show all addresses, by network. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/ips',
      receive: 'addresses',
      input: args({ server_id: z.string() }),
      output: ServerAddresses,
    }),
    /** The addresses in one network, under its name. */
    getNetwork: operation({
      verb: 'GET',
      path: 'servers/{server_id}/ips/{network_label}',
      input: args({
        server_id: z.string(),
        /** The network's name. */
        network_label: z.string(),
      }),
      output: ServerAddresses,
    }),
  },
});
