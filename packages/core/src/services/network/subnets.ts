import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Count, Flag, StandardFilters, TagFilters, Text, Whole } from './filters.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A subnet. */
export const Subnet = answer({
  id: z.string(),
  /** The name, which is not unique and often empty. */
  name: z.string(),
  ...Owner,
  network_id: z.string(),
  ip_version: z.number(),
  /** `10.0.0.0/24` */
  cidr: z.string(),
  /** Null if it has no gateway. */
  gateway_ip: z.string().nullable(),
  enable_dhcp: z.boolean(),
  /** From where addresses are given out, both ends included. */
  allocation_pools: z.array(tolerant({ start: z.string(), end: z.string() })),
  dns_nameservers: z.array(z.string()),
  host_routes: z.array(tolerant({ destination: z.string(), nexthop: z.string() })),
  /** `dhcpv6-stateful`, `dhcpv6-stateless`, `slaac`; null for IPv4. */
  ipv6_ra_mode: z.string().nullable().optional(),
  /** As `ipv6_ra_mode`. */
  ipv6_address_mode: z.string().nullable().optional(),
  subnetpool_id: z.string().nullable().optional(),
  segment_id: z.string().nullable().optional(),
  /** Owners of ports that may have addresses of it (`network:floatingip`); empty means all. */
  service_types: z.array(z.string()).optional(),
  dns_publish_fixed_ip: z.boolean().nullable().optional(),
  /** The value of its network (Dalmatian on). */
  'router:external': z.boolean().nullable().optional(),
  /** The value of its network, if Neutron answers it. */
  shared: z.boolean().nullable().optional(),
  ...TaggedAttributes,
});
export type Subnet = OutputAt<typeof Subnet>;

const Filters = {
  ...StandardFilters,
  ...TagFilters,
  name: Text,
  network_id: Text,
  ip_version: Count,
  cidr: Text,
  gateway_ip: Text,
  enable_dhcp: Flag,
  ipv6_ra_mode: Text,
  ipv6_address_mode: Text,
  subnetpool_id: Text,
  segment_id: Text,
  /** Selects subnets of shared networks. */
  shared: Flag,
  /** Selects subnets of external networks. */
  'router:external': Flag,
  dns_publish_fixed_ip: Flag,
  ...Paging,
} as const;

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  enable_dhcp: Flag,
  /** Null for none. @default the first address */
  gateway_ip: z.string().nullable().optional(),
  allocation_pools: z.array(z.strictObject({ start: z.string(), end: z.string() })).optional(),
  dns_nameservers: z.array(z.string()).optional(),
  host_routes: z.array(z.strictObject({ destination: z.string(), nexthop: z.string() })).optional(),
  service_types: z.array(z.string()).optional(),
  segment_id: z.string().nullable().optional(),
  dns_publish_fixed_ip: Flag,
} as const;

const Ipv6Mode = z.enum(['dhcpv6-stateful', 'dhcpv6-stateless', 'slaac']).optional();

const NewSubnet = {
  ...Common,
  ...ForProject,
  network_id: z.string(),
  ip_version: z.union([z.literal(4), z.literal(6), z.enum(['4', '6'])]),
  /** Need not be given where a subnet pool gives it. */
  cidr: z.string().optional(),
  /** Length of the prefix that the subnet pool is to give. */
  prefixlen: Whole.optional(),
  subnetpool_id: z.string().nullable().optional(),
  use_default_subnetpool: Flag,
  ipv6_ra_mode: Ipv6Mode,
  ipv6_address_mode: Ipv6Mode,
} as const;

/** Subnets: ranges of addresses on a network. */
export const subnets = resource({
  name: 'subnets',
  findBy: 'name',
  operations: {
    /** Show one subnet. */
    get: operation({
      verb: 'GET',
      path: 'subnets/{id}',
      receive: 'subnet',
      input: args({ id: z.string() }),
      output: Subnet,
    }),
    /** Iterate over subnets. */
    list: operation({
      verb: 'GET',
      path: 'subnets',
      receive: 'subnets',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: Subnet,
    }),
    /** Iterate over some fields of subnets only. */
    listFields: operation({
      verb: 'GET',
      path: 'subnets',
      receive: 'subnets',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(Subnet),
    }),
    /**
     * Create a subnet.
     * @example
     * await cloud.network.subnets.create({ network_id, ip_version: 4, cidr: '10.0.0.0/24' });
     */
    create: operation({
      verb: 'POST',
      path: 'subnets',
      send: 'subnet',
      receive: 'subnet',
      input: args(NewSubnet),
      output: Subnet,
      status: 201,
    }),
    /** Create several subnets in one transaction: all, or none. */
    createMany: operation({
      verb: 'POST',
      path: 'subnets',
      receive: 'subnets',
      input: args({ subnets: z.array(z.strictObject(NewSubnet)).min(1) }),
      output: z.array(tolerant(Subnet.fields)),
      status: 201,
    }),
    /** Change a subnet. Lists given replace those that were there. */
    update: operation({
      verb: 'PUT',
      path: 'subnets/{id}',
      headers: revisionHeader,
      send: 'subnet',
      receive: 'subnet',
      input: args({ id: z.string(), if_match: IfMatch, ...Common }),
      output: Subnet,
    }),
    /** Delete a subnet. Neutron answers 409 while a port has an address of it. */
    delete: operation({
      verb: 'DELETE',
      path: 'subnets/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
  },
});
