import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { known, tolerant } from '../../record/tolerant.ts';
import { CommonFilters, PAGE_SIZE, Paging } from './filters.ts';
import { Common, References } from './status.ts';

/** A pool: the members that the connections of a listener are spread over. */
export const Pool = answer({
  ...Common,
  protocol: known(['TCP', 'HTTP', 'HTTPS', 'PROXY', 'PROXYV2', 'UDP', 'SCTP']),
  lb_algorithm: known(['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP', 'SOURCE_IP_PORT']),
  session_persistence: tolerant({
    type: z.string().nullable().optional(),
    cookie_name: z.string().nullable().optional(),
  })
    .nullable()
    .optional(),
  loadbalancers: References.nullable().optional(),
  listeners: References.nullable().optional(),
  members: References.nullable().optional(),
  /** Null: nobody checks the health of its members. */
  healthmonitor_id: z.string().nullable().optional(),
  tls_container_ref: z.string().nullable().optional(),
  ca_tls_container_ref: z.string().nullable().optional(),
  crl_container_ref: z.string().nullable().optional(),
  tls_enabled: z.boolean().nullable().optional(),
  /** From API 2.15 on. */
  tls_ciphers: z.string().nullable().optional(),
  /** From API 2.18 on. */
  tls_versions: z.array(z.string()).nullable().optional(),
  /** From API 2.24 on. */
  alpn_protocols: z.array(z.string()).nullable().optional(),
});
export type Pool = OutputAt<typeof Pool>;

/** Pools of load balancers. Who is shown which is as for load balancers. */
export const pools = resource({
  name: 'pools',
  settles: { field: 'provisioning_status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one. */
    get: operation({
      verb: 'GET',
      path: 'lbaas/pools/{id}',
      receive: 'pool',
      input: args({ id: z.string() }),
      output: Pool,
    }),
    /** Iterate over pools of all load balancers that the user is shown. */
    list: operation({
      verb: 'GET',
      path: 'lbaas/pools',
      receive: 'pools',
      page: 'link-then-marker',
      pageSize: PAGE_SIZE,
      input: args({
        ...CommonFilters,
        protocol: z.string().optional(),
        lb_algorithm: z.string().optional(),
        /** Those of this load balancer. */
        loadbalancer_id: z.string().optional(),
        ...Paging,
      }),
      output: Pool,
    }),
  },
});
