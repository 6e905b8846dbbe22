import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { partial } from './partial.ts';
import { Owner, TaggedAttributes } from './standard-attributes.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** The connection of a router to an external network. */
const ExternalGateway = tolerant({
  network_id: z.string(),
  enable_snat: z.boolean().optional(),
  external_fixed_ips: z
    .array(tolerant({ subnet_id: z.string().optional(), ip_address: z.string().optional() }))
    .optional(),
  qos_policy_id: z.string().nullable().optional(),
});

/** A router. */
export const Router = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  admin_state_up: z.boolean(),
  /** `ACTIVE`, `ALLOCATING` (HA routers, until they have agents), `ERROR`. */
  status: known(['ACTIVE', 'ALLOCATING', 'ERROR']),
  /** Null if it has no gateway. */
  external_gateway_info: ExternalGateway.nullable(),
  /** All gateways; the first is `external_gateway_info` (extension `external-gateway-multihoming`). */
  external_gateways: z.array(ExternalGateway).optional(),
  /** Runs on several L3 agents. Where the cloud lets only administrators see it, absent for others. */
  ha: z.boolean().nullable().optional(),
  /** Runs on every compute host. Where the cloud lets only administrators see it, absent for others. */
  distributed: z.boolean().nullable().optional(),
  routes: z.array(tolerant({ destination: z.string(), nexthop: z.string() })).optional(),
  flavor_id: z.string().nullable().optional(),
  service_type_id: z.string().nullable().optional(),
  availability_zone_hints: z.array(z.string()).optional(),
  /** The zones of its agents. */
  availability_zones: z.array(z.string()).optional(),
  enable_ndp_proxy: z.boolean().nullable().optional(),
  enable_default_route_bfd: z.boolean().nullable().optional(),
  enable_default_route_ecmp: z.boolean().nullable().optional(),
  qos_policy_id: z.string().nullable().optional(),
  conntrack_helpers: z
    .array(tolerant({ protocol: z.string(), port: z.number(), helper: z.string() }))
    .optional(),
  ...TaggedAttributes,
});
export type Router = OutputAt<typeof Router>;

/** A router after its routes changed. Neutron answers all of it, though its reference promises only a part. */
export const RoutedRouter = answer({
  ...partial(Router).fields,
  id: z.string(),
  name: z.string(),
  routes: z.array(tolerant({ destination: z.string(), nexthop: z.string() })),
});
export type RoutedRouter = OutputAt<typeof RoutedRouter>;

/** An interface that was added to a router, or removed. */
export const RouterInterface = answer({
  /** The router. */
  id: z.string(),
  network_id: z.string().optional(),
  port_id: z.string(),
  /** The first of `subnet_ids`. */
  subnet_id: z.string().nullable().optional(),
  subnet_ids: z.array(z.string()).optional(),
  ...Owner,
  tags: z.array(z.string()).optional(),
});
export type RouterInterface = OutputAt<typeof RouterInterface>;
