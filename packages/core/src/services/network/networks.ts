import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Agent } from './agent.ts';
import { Flag, StandardFilters, TagFilters, Text, Count, Whole } from './filters.ts';
import { ProviderArguments, ProviderAttributes } from './network-segment.ts';
import { Fields, PAGE_SIZE, Paging } from './paging.ts';
import { partial } from './partial.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A network. */
export const Network = answer({
  id: z.string(),
  /** The name, which is not unique. */
  name: z.string(),
  ...Owner,
  admin_state_up: z.boolean(),
  /** `ACTIVE`, `BUILD`, `DOWN`, `ERROR`. */
  status: known(['ACTIVE', 'BUILD', 'DOWN', 'ERROR']),
  /** Ids. */
  subnets: z.array(z.string()),
  /** Every project may use it. */
  shared: z.boolean(),
  /** Bytes that a packet may have. */
  mtu: z.number().nullable().optional(),
  availability_zone_hints: z.array(z.string()).optional(),
  /** The zones of its DHCP agents; empty until they are chosen. */
  availability_zones: z.array(z.string()).optional(),
  ipv4_address_scope: z.string().nullable().optional(),
  ipv6_address_scope: z.string().nullable().optional(),
  /** Routers may have it as their gateway, and floating IPs come from it. */
  'router:external': z.boolean().optional(),
  /** For external networks: it is the one that automatic topologies use. */
  is_default: z.boolean().nullable().optional(),
  port_security_enabled: z.boolean().optional(),
  qos_policy_id: z.string().nullable().optional(),
  dns_domain: z.string().nullable().optional(),
  /** The network is one layer 2 throughout; false for a routed network. */
  l2_adjacency: z.boolean().nullable().optional(),
  vlan_transparent: z.boolean().nullable().optional(),
  qinq: z.boolean().nullable().optional(),
  /** Its ports are set apart from each other (extension `pvlan`). */
  pvlan: z.union([z.boolean(), z.string()]).nullable().optional(),
  ...ProviderAttributes,
  /** In place of the `provider:` fields, of a network with more than one. Administrators only. */
  segments: z.array(tolerant(ProviderAttributes)).optional(),
  ...TaggedAttributes,
});
export type Network = OutputAt<typeof Network>;

const Filters = {
  ...StandardFilters,
  ...TagFilters,
  name: Text,
  admin_state_up: Flag,
  status: Text,
  /** Shared ones, or those that are not. */
  shared: Flag,
  'router:external': Flag,
  is_default: Flag,
  mtu: Count,
  'provider:network_type': Text,
  'provider:physical_network': Text,
  'provider:segmentation_id': Count,
  port_security_enabled: Flag,
  qos_policy_id: Text,
  ipv4_address_scope: Text,
  ipv6_address_scope: Text,
  vlan_transparent: Flag,
  qinq: Flag,
  ...Paging,
} as const;

const Segments = z.array(z.strictObject(ProviderArguments)).optional();

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  admin_state_up: Flag,
  /** Administrators only. */
  shared: Flag,
  'router:external': Flag,
  is_default: Flag,
  /** Bytes. @default what the cloud's underlay leaves */
  mtu: Whole.optional(),
  /** @default true */
  port_security_enabled: Flag,
  qos_policy_id: z.string().nullable().optional(),
  dns_domain: z.string().optional(),
  ...ProviderArguments,
  segments: Segments,
} as const;

const NewNetwork = {
  ...Common,
  ...ForProject,
  availability_zone_hints: z.array(z.string()).optional(),
  vlan_transparent: Flag,
  qinq: Flag,
  pvlan: Flag,
  /** Carries the heartbeats of HA routers. Administrators only. */
  ha: Flag,
} as const;

/** Networks: layer 2, on which subnets and ports are. */
export const networks = resource({
  name: 'networks',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one network. */
    get: operation({
      verb: 'GET',
      path: 'networks/{id}',
      receive: 'network',
      input: args({ id: z.string() }),
      output: Network,
    }),
    /**
     * Iterate over networks: one's own, shared ones and external ones; all of the cloud for administrators.
     * @example
     * for await (const network of cloud.network.networks.list({ 'router:external': true })) …
     */
    list: operation({
      verb: 'GET',
      path: 'networks',
      receive: 'networks',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Filters),
      output: Network,
    }),
    /** Iterate over some fields of networks only, which spares Neutron the tables that it need not read. */
    listFields: operation({
      verb: 'GET',
      path: 'networks',
      receive: 'networks',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ ...Filters, fields: Fields }),
      output: partial(Network),
    }),
    /** Create a network. */
    create: operation({
      verb: 'POST',
      path: 'networks',
      send: 'network',
      receive: 'network',
      input: args(NewNetwork),
      output: Network,
      status: 201,
    }),
    /** Create several networks in one transaction: all, or none. */
    createMany: operation({
      verb: 'POST',
      path: 'networks',
      receive: 'networks',
      input: args({ networks: z.array(z.strictObject(NewNetwork)).min(1) }),
      output: z.array(tolerant(Network.fields)),
      status: 201,
    }),
    /** Change a network. */
    update: operation({
      verb: 'PUT',
      path: 'networks/{id}',
      headers: revisionHeader,
      send: 'network',
      receive: 'network',
      input: args({ id: z.string(), if_match: IfMatch, ...Common }),
      output: Network,
    }),
    /** Delete a network and its subnets. Neutron answers 409 while a port of another kind than its own is on it. */
    delete: operation({
      verb: 'DELETE',
      path: 'networks/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
    /** The DHCP agents that serve a network. Administrators only. */
    listAgents: operation({
      verb: 'GET',
      path: 'networks/{id}/dhcp-agents',
      receive: 'agents',
      page: 'none',
      input: args({ id: z.string() }),
      output: Agent,
    }),
  },
});
