import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text } from './filters.ts';

/** A port to which a local IP leads on its host. */
export const LocalIpAssociation = answer({
  local_ip_id: z.string(),
  local_ip_address: z.string().optional(),
  fixed_port_id: z.string(),
  fixed_ip: z.string().nullable(),
  host: z.string().optional(),
});
export type LocalIpAssociation = OutputAt<typeof LocalIpAssociation>;

/** Ports of local IPs (extension `local_ip`). */
export const localIpAssociations = resource({
  name: 'localIpAssociations',
  operations: {
    /** Iterate over the ports of a local IP. */
    list: operation({
      verb: 'GET',
      path: 'local_ips/{local_ip_id}/port_associations',
      receive: 'port_associations',
      page: 'none',
      input: args({ local_ip_id: z.string(), fixed_port_id: Text, fixed_ip: Text, host: Text }),
      output: LocalIpAssociation,
    }),
    /** Lead a local IP to a port as well. */
    create: operation({
      verb: 'POST',
      path: 'local_ips/{local_ip_id}/port_associations',
      send: 'port_association',
      receive: 'port_association',
      input: args({ local_ip_id: z.string(), fixed_port_id: z.string(), fixed_ip: z.string().optional() }),
      output: LocalIpAssociation,
      status: 201,
    }),
    /** Lead it there no longer. */
    delete: operation({
      verb: 'DELETE',
      path: 'local_ips/{local_ip_id}/port_associations/{fixed_port_id}',
      input: args({ local_ip_id: z.string(), fixed_port_id: z.string() }),
    }),
  },
});
