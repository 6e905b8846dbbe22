import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Flag, StandardFilters, TagFilters, Text } from './filters.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';
import { Port } from './port.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

const Filters = {
  ...StandardFilters,
  ...TagFilters,
  name: Text,
  network_id: Text,
  admin_state_up: Flag,
  status: Text,
  mac_address: Text,
  /** `ip_address=10.0.0.2`, `subnet_id=…`, or `ip_address_substr=10.0.`; of several values all must match. */
  fixed_ips: Text,
  /** Server or router. */
  device_id: Text,
  device_owner: Text,
  /** Administrators only. */
  'binding:host_id': Text,
  /** Ids. */
  security_groups: Text,
  ip_allocation: Text,
  ...Paging,
} as const;

const Pair = z.strictObject({ ip_address: z.string(), mac_address: z.string().optional() });

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  admin_state_up: Flag,
  /** For others than administrators only where the network is theirs. */
  mac_address: z.string().optional(),
  /** An address, or a subnet to take one of. An empty list: no address. */
  fixed_ips: z
    .array(z.strictObject({ subnet_id: z.string().optional(), ip_address: z.string().optional() }))
    .optional(),
  device_id: z.string().optional(),
  device_owner: z.string().optional(),
  /** Ids. @default the project's group `default` */
  security_groups: z.array(z.string()).nullable().optional(),
  port_security_enabled: Flag,
  allowed_address_pairs: z.array(Pair).optional(),
  /** Null as a value takes the option away. */
  extra_dhcp_opts: z
    .array(
      z.strictObject({
        opt_name: z.string(),
        opt_value: z.string().nullable(),
        ip_version: z.union([z.literal(4), z.literal(6)]).optional(),
      }),
    )
    .nullable()
    .optional(),
  /** Administrators only; an empty text unbinds. */
  'binding:host_id': z.string().nullable().optional(),
  /** Administrators only. */
  'binding:profile': z.record(z.string(), z.unknown()).nullable().optional(),
  'binding:vnic_type': z
    .enum([
      'normal',
      'direct',
      'macvtap',
      'baremetal',
      'direct-physical',
      'virtio-forwarder',
      'smart-nic',
      'vdpa',
      'accelerator-direct',
      'accelerator-direct-physical',
      'remote-managed',
    ])
    .optional(),
  qos_policy_id: z.string().nullable().optional(),
  dns_name: z.string().optional(),
  dns_domain: z.string().optional(),
  propagate_uplink_status: Flag,
  /** Administrators only. */
  numa_affinity_policy: z.enum(['required', 'preferred', 'legacy', 'socket']).nullable().optional(),
  /** Passed to the backend, by its alias. Administrators only. */
  hints: z.record(z.string(), z.unknown()).nullable().optional(),
  mac_learning_enabled: Flag,
  /** The device may do as it likes on its virtual function (extension `port-trusted-vif`). Administrators only. */
  trusted: z.boolean().nullable().optional(),
  pvlan_type: z.enum(['promiscuous', 'isolated', 'community']).nullable().optional(),
  pvlan_community: z.string().nullable().optional(),
} as const;

const NewPort = {
  ...Common,
  ...ForProject,
  network_id: z.string(),
  /** Extension `tag-ports-during-bulk-creation`. */
  tags: z.array(z.string()).optional(),
  device_profile: z.string().nullable().optional(),
  hardware_offload_type: z.string().nullable().optional(),
} as const;

const AddressPairs = args({ id: z.string(), allowed_address_pairs: z.array(Pair).min(1) });

/** Ports: where something is connected to a network. */
export const ports = resource({
  name: 'ports',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one port. */
    get: operation({
      verb: 'GET',
      path: 'ports/{id}',
      receive: 'port',
      input: args({ id: z.string() }),
      output: Port,
    }),
    /**
     * Iterate over ports: one's own; all of the cloud for administrators.
     * @example
     * for await (const port of cloud.network.ports.list({ device_id: server.id })) …
     */
    list: operation({
      verb: 'GET',
      path: 'ports',
      receive: 'ports',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: Port,
    }),
    /** Iterate over some fields of ports only. */
    listFields: operation({
      verb: 'GET',
      path: 'ports',
      receive: 'ports',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(Port),
    }),
    /** Create a port. It is `DOWN` until something is plugged into it. */
    create: operation({
      verb: 'POST',
      path: 'ports',
      send: 'port',
      receive: 'port',
      input: args(NewPort),
      output: Port,
      status: 201,
    }),
    /** Create several ports in one transaction: all, or none. */
    createMany: operation({
      verb: 'POST',
      path: 'ports',
      receive: 'ports',
      input: args({ ports: z.array(z.strictObject(NewPort)).min(1) }),
      output: z.array(tolerant(Port.fields)),
      status: 201,
    }),
    /** Change a port. Lists given replace those that were there. */
    update: operation({
      verb: 'PUT',
      path: 'ports/{id}',
      headers: revisionHeader,
      send: 'port',
      receive: 'port',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        ...Common,
        /** The state of the underlay. Only for services that watch it. */
        data_plane_status: z.enum(['ACTIVE', 'DOWN']).nullable().optional(),
      }),
      output: Port,
    }),
    /** Delete a port. */
    delete: operation({
      verb: 'DELETE',
      path: 'ports/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
    /**
     * Let a port send from further addresses, and leave those that it has (extension
     * `allowed-address-pairs-atomic`).
     */
    addAllowedAddressPairs: operation({
      verb: 'PUT',
      path: 'ports/{id}/add_allowed_address_pairs',
      send: 'port',
      receive: 'port',
      input: AddressPairs,
      output: Port,
    }),
    /** Take addresses away from those that a port may send from (extension `allowed-address-pairs-atomic`). */
    removeAllowedAddressPairs: operation({
      verb: 'PUT',
      path: 'ports/{id}/remove_allowed_address_pairs',
      send: 'port',
      receive: 'port',
      input: AddressPairs,
      output: Port,
    }),
  },
});
