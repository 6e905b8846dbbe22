import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { StandardFilters, TagFilters, Text } from './filters.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A floating IP. */
export const FloatingIp = answer({
  id: z.string(),
  ...Owner,
  floating_ip_address: z.string(),
  /** The external network that it is of. */
  floating_network_id: z.string(),
  /** The port that it leads to; null if to none. */
  port_id: z.string().nullable(),
  fixed_ip_address: z.string().nullable(),
  router_id: z.string().nullable(),
  /** `ACTIVE`; `DOWN`, which is usual without a port; `ERROR`. */
  status: known(['ACTIVE', 'DOWN', 'ERROR']),
  port_details: tolerant({
    name: z.string().optional(),
    network_id: z.string().optional(),
    mac_address: z.string().optional(),
    admin_state_up: z.boolean().optional(),
    status: z.string().optional(),
    device_id: z.string().optional(),
    device_owner: z.string().optional(),
  })
    .nullable()
    .optional(),
  port_forwardings: z
    .array(
      tolerant({
        id: z.string().optional(),
        protocol: z.string().optional(),
        internal_ip_address: z.string().optional(),
        internal_port: z.number().nullable().optional(),
        internal_port_range: z.string().nullable().optional(),
        internal_port_id: z.string().optional(),
        external_port: z.number().nullable().optional(),
        external_port_range: z.string().nullable().optional(),
      }),
    )
    .optional(),
  qos_policy_id: z.string().nullable().optional(),
  /** The policy of its network. */
  qos_network_policy_id: z.string().nullable().optional(),
  dns_name: z.string().nullable().optional(),
  dns_domain: z.string().nullable().optional(),
  distributed: z.boolean().nullable().optional(),
  ...TaggedAttributes,
});
export type FloatingIp = OutputAt<typeof FloatingIp>;

const Filters = {
  ...StandardFilters,
  ...TagFilters,
  floating_network_id: Text,
  floating_ip_address: Text,
  fixed_ip_address: Text,
  port_id: Text,
  router_id: Text,
  status: Text,
  qos_policy_id: Text,
  ...Paging,
} as const;

/** Floating IPs: addresses of an external network that lead to ports. */
export const floatingIps = resource({
  name: 'floatingIps',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'floating_ip_address',
  operations: {
    /** Show one floating IP. */
    get: operation({
      verb: 'GET',
      path: 'floatingips/{id}',
      receive: 'floatingip',
      input: args({ id: z.string() }),
      output: FloatingIp,
    }),
    /** Iterate over floating IPs: one's own; all of the cloud for administrators. */
    list: operation({
      verb: 'GET',
      path: 'floatingips',
      receive: 'floatingips',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: FloatingIp,
    }),
    /** Iterate over some fields of floating IPs only. */
    listFields: operation({
      verb: 'GET',
      path: 'floatingips',
      receive: 'floatingips',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(FloatingIp),
    }),
    /** Take an address, and lead it to a port if one is named. */
    create: operation({
      verb: 'POST',
      path: 'floatingips',
      send: 'floatingip',
      receive: 'floatingip',
      input: args({
        floating_network_id: z.string(),
        /** The subnet to take it of. */
        subnet_id: z.string().nullable().optional(),
        /** A certain one. Administrators only. */
        floating_ip_address: z.string().nullable().optional(),
        port_id: z.string().nullable().optional(),
        /** One of the port's addresses. */
        fixed_ip_address: z.string().nullable().optional(),
        ...ForProject,
        description: z.string().optional(),
        qos_policy_id: z.string().nullable().optional(),
        dns_name: z.string().optional(),
        dns_domain: z.string().optional(),
        distributed: z.boolean().nullable().optional(),
        tags: z.array(z.string()).optional(),
      }),
      output: FloatingIp,
      status: 201,
    }),
    /** Lead it to another port, or with `port_id: null` to none. */
    update: operation({
      verb: 'PUT',
      path: 'floatingips/{id}',
      headers: revisionHeader,
      send: 'floatingip',
      receive: 'floatingip',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        port_id: z.string().nullable().optional(),
        fixed_ip_address: z.string().nullable().optional(),
        description: z.string().optional(),
        qos_policy_id: z.string().nullable().optional(),
        distributed: z.boolean().nullable().optional(),
      }),
      output: FloatingIp,
    }),
    /** Give the address back. */
    delete: operation({
      verb: 'DELETE',
      path: 'floatingips/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
