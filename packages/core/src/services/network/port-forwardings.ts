import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { Owner, StandardAttributes } from './standard-attributes.ts';

/** A port of a floating IP, and where it leads. */
export const PortForwarding = answer({
  id: z.string(),
  ...Owner,
  /** `tcp`, `udp`, `icmp`, `icmp6`, `sctp`, `dccp`. */
  protocol: z.string(),
  internal_port_id: z.string(),
  internal_ip_address: z.string(),
  internal_port: z.number().nullable().optional(),
  external_port: z.number().nullable().optional(),
  /** `80:90` */
  internal_port_range: z.string().nullable().optional(),
  /** As long as `internal_port_range`. */
  external_port_range: z.string().nullable().optional(),
  ...StandardAttributes,
});
export type PortForwarding = OutputAt<typeof PortForwarding>;

const ById = args({ floatingip_id: z.string(), id: z.string() });

/** Port forwardings of a floating IP that leads to no port itself (extension `floating-ip-port-forwarding`). */
export const portForwardings = resource({
  name: 'portForwardings',
  operations: {
    /** Show one port forwarding. */
    get: operation({
      verb: 'GET',
      path: 'floatingips/{floatingip_id}/port_forwardings/{id}',
      receive: 'port_forwarding',
      input: ById,
      output: PortForwarding,
    }),
    /** Iterate over the port forwardings of a floating IP. */
    list: operation({
      verb: 'GET',
      path: 'floatingips/{floatingip_id}/port_forwardings',
      receive: 'port_forwardings',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        floatingip_id: z.string(),
        id: Text,
        description: Text,
        protocol: Text,
        internal_port_id: Text,
        internal_ip_address: Text,
        internal_port: Count,
        external_port: Count,
        external_port_range: Text,
        ...Paging,
      }),
      output: PortForwarding,
    }),
    /** Forward a port, or as many as a range has. */
    create: operation({
      verb: 'POST',
      path: 'floatingips/{floatingip_id}/port_forwardings',
      send: 'port_forwarding',
      receive: 'port_forwarding',
      input: args({
        floatingip_id: z.string(),
        protocol: z.enum(['tcp', 'udp', 'icmp', 'icmp6', 'sctp', 'dccp']),
        internal_port_id: z.string(),
        /** An IPv4 address of that port. */
        internal_ip_address: z.string(),
        internal_port: z.number().int().nullable().optional(),
        external_port: z.number().int().nullable().optional(),
        /** `80:90` */
        internal_port_range: z.string().nullable().optional(),
        /** As long as `internal_port_range`. */
        external_port_range: z.string().nullable().optional(),
        description: z.string().optional(),
      }),
      output: PortForwarding,
      status: 201,
    }),
    /** Change a port forwarding. */
    update: operation({
      verb: 'PUT',
      path: 'floatingips/{floatingip_id}/port_forwardings/{id}',
      send: 'port_forwarding',
      receive: 'port_forwarding',
      input: args({
        floatingip_id: z.string(),
        id: z.string(),
        protocol: z.enum(['tcp', 'udp', 'icmp', 'icmp6', 'sctp', 'dccp']).optional(),
        internal_port_id: z.string().optional(),
        internal_ip_address: z.string().optional(),
        internal_port: z.number().int().nullable().optional(),
        external_port: z.number().int().nullable().optional(),
        /** `80:90` */
        internal_port_range: z.string().nullable().optional(),
        /** As long as `internal_port_range`. */
        external_port_range: z.string().nullable().optional(),
        description: z.string().optional(),
      }),
      output: PortForwarding,
    }),
    /** Delete a port forwarding. */
    delete: operation({
      verb: 'DELETE',
      path: 'floatingips/{floatingip_id}/port_forwardings/{id}',
      input: ById,
    }),
  },
});
