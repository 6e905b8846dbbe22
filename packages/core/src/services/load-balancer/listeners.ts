import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { known } from '../../record/tolerant.ts';
import { CommonFilters, PAGE_SIZE, Paging } from './filters.ts';
import { Common, References } from './status.ts';

/** A listener: the port at which a load balancer takes connections. */
export const Listener = answer({
  ...Common,
  protocol: known([
    'TCP',
    'HTTP',
    'HTTPS',
    'TERMINATED_HTTPS',
    'UDP',
    'SCTP',
    // Serves metrics of the load balancer; from API 2.25 on.
    'PROMETHEUS',
  ]),
  protocol_port: z.number(),
  /** `-1` is without limit. */
  connection_limit: z.number().nullable().optional(),
  loadbalancers: References.nullable().optional(),
  default_pool_id: z.string().nullable().optional(),
  l7policies: References.nullable().optional(),
  insert_headers: z.record(z.string(), z.unknown()).nullable().optional(),
  default_tls_container_ref: z.string().nullable().optional(),
  sni_container_refs: z.array(z.string()).nullable().optional(),
  client_ca_tls_container_ref: z.string().nullable().optional(),
  client_authentication: z.string().nullable().optional(),
  client_crl_container_ref: z.string().nullable().optional(),
  timeout_client_data: z.number().nullable().optional(),
  timeout_member_connect: z.number().nullable().optional(),
  timeout_member_data: z.number().nullable().optional(),
  timeout_tcp_inspect: z.number().nullable().optional(),
  /** From where connections are taken; null: from everywhere. From API 2.12 on. */
  allowed_cidrs: z.array(z.string()).nullable().optional(),
  /** From API 2.15 on. */
  tls_ciphers: z.string().nullable().optional(),
  /** From API 2.17 on. */
  tls_versions: z.array(z.string()).nullable().optional(),
  /** From API 2.20 on. */
  alpn_protocols: z.array(z.string()).nullable().optional(),
  /** From API 2.27 on. */
  hsts_max_age: z.number().nullable().optional(),
  hsts_include_subdomains: z.boolean().nullable().optional(),
  hsts_preload: z.boolean().nullable().optional(),
});
export type Listener = OutputAt<typeof Listener>;

/** Listeners of load balancers. Who is shown which is as for load balancers. */
export const listeners = resource({
  name: 'listeners',
  settles: { field: 'provisioning_status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one. */
    get: operation({
      verb: 'GET',
      path: 'lbaas/listeners/{id}',
      receive: 'listener',
      input: args({ id: z.string() }),
      output: Listener,
    }),
    /** Iterate over listeners of all load balancers that the user is shown. */
    list: operation({
      verb: 'GET',
      path: 'lbaas/listeners',
      receive: 'listeners',
      page: 'link-then-marker',
      pageSize: PAGE_SIZE,
      input: args({
        ...CommonFilters,
        protocol: z.string().optional(),
        protocol_port: z.number().int().optional(),
        default_pool_id: z.string().optional(),
        /** Those of this load balancer. */
        loadbalancer_id: z.string().optional(),
        ...Paging,
      }),
      output: Listener,
    }),
  },
});
