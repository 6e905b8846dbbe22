import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { StandardFilters, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, StandardAttributes } from './standard-attributes.ts';

/** An address that leads to a server on the same host, whichever host that is. */
export const LocalIp = answer({
  id: z.string(),
  name: z.string().nullable(),
  ...Owner,
  local_port_id: z.string().nullable(),
  network_id: z.string().nullable(),
  local_ip_address: z.string(),
  /** `translate`, `passthrough`. */
  ip_mode: z.string(),
  ...StandardAttributes,
});
export type LocalIp = OutputAt<typeof LocalIp>;

const ById = args({ id: z.string() });

/** Local IPs (extension `local_ip`). */
export const localIps = resource({
  name: 'localIps',
  findBy: 'name',
  operations: {
    /** Show one local IP. */
    get: operation({
      verb: 'GET',
      path: 'local-ips/{id}',
      receive: 'local_ip',
      input: ById,
      output: LocalIp,
    }),
    /** Iterate over local IPs. */
    list: operation({
      verb: 'GET',
      path: 'local-ips',
      receive: 'local_ips',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        name: Text,
        local_port_id: Text,
        network_id: Text,
        local_ip_address: Text,
        ip_mode: Text,
        ...Paging,
      }),
      output: LocalIp,
    }),
    /** Create a local IP. */
    create: operation({
      verb: 'POST',
      path: 'local-ips',
      send: 'local_ip',
      receive: 'local_ip',
      input: args({
        /** A port to take the address of. Without it, `network_id`. */
        local_port_id: z.string().optional(),
        network_id: z.string().optional(),
        local_ip_address: z.string().nullable().optional(),
        /** @default 'translate' */
        ip_mode: z.enum(['translate', 'passthrough']).optional(),
        name: z.string().optional(),
        description: z.string().optional(),
        ...ForProject,
      }),
      output: LocalIp,
      status: 201,
    }),
    /** Change a local IP. */
    update: operation({
      verb: 'PUT',
      path: 'local-ips/{id}',
      headers: revisionHeader,
      send: 'local_ip',
      receive: 'local_ip',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().optional(),
        description: z.string().optional(),
        ip_mode: z.enum(['translate', 'passthrough']).optional(),
      }),
      output: LocalIp,
    }),
    /** Delete a local IP. Neutron answers 409 while a port has it. */
    delete: operation({
      verb: 'DELETE',
      path: 'local-ips/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
