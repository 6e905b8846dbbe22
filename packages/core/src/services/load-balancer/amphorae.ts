import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { known } from '../../record/tolerant.ts';
import { PAGE_SIZE, Paging } from './filters.ts';

/** An amphora: a server in which a load balancer of the provider `amphora` runs. It has no name, and belongs to no project. */
export const Amphora = answer({
  id: z.string(),
  /** Null of one that no load balancer has. */
  loadbalancer_id: z.string().nullable().optional(),
  /** Nova's id of it; null before there is one. */
  compute_id: z.string().nullable().optional(),
  /** Its address for Octavia itself. */
  lb_network_ip: z.string().nullable().optional(),
  vrrp_ip: z.string().nullable().optional(),
  ha_ip: z.string().nullable().optional(),
  vrrp_port_id: z.string().nullable().optional(),
  ha_port_id: z.string().nullable().optional(),
  /** When the certificate ends by which Octavia knows it: it is renewed before. */
  cert_expiration: Timestamp.nullable().optional(),
  /** Whether its certificate is being renewed. */
  cert_busy: z.union([z.boolean(), z.number()]).nullable().optional(),
  /** Null before it has one. */
  role: known(['STANDALONE', 'MASTER', 'BACKUP']).nullable().optional(),
  /** `FAILOVER_STOPPED`: so many failed at once that none is replaced any more (from 2023.1 on). */
  status: known([
    'BOOTING',
    'ALLOCATED',
    'READY',
    'PENDING_CREATE',
    'PENDING_UPDATE',
    'PENDING_DELETE',
    'DELETED',
    'ERROR',
    'FAILOVER_STOPPED',
  ]),
  vrrp_interface: z.string().nullable().optional(),
  vrrp_id: z.number().nullable().optional(),
  vrrp_priority: z.number().nullable().optional(),
  /** The availability zone that Nova told of it. */
  cached_zone: z.string().nullable().optional(),
  image_id: z.string().nullable().optional(),
  compute_flavor: z.string().nullable().optional(),
  created_at: Timestamp.nullable().optional(),
  updated_at: Timestamp.nullable().optional(),
});
export type Amphora = OutputAt<typeof Amphora>;

/** Amphorae. Administrators only. */
export const amphorae = resource({
  name: 'amphorae',
  settles: { field: 'status', failure: ['ERROR'] },
  operations: {
    /** Show one. */
    get: operation({
      verb: 'GET',
      path: 'octavia/amphorae/{id}',
      receive: 'amphora',
      input: args({ id: z.string() }),
      output: Amphora,
    }),
    /** Iterate over amphorae of all load balancers, those that no load balancer has included. */
    list: operation({
      verb: 'GET',
      path: 'octavia/amphorae',
      receive: 'amphorae',
      page: 'link-then-marker',
      pageSize: PAGE_SIZE,
      input: args({
        loadbalancer_id: z.string().optional(),
        compute_id: z.string().optional(),
        status: z.string().optional(),
        role: z.string().optional(),
        lb_network_ip: z.string().optional(),
        cached_zone: z.string().optional(),
        image_id: z.string().optional(),
        ...Paging,
      }),
      output: Amphora,
    }),
  },
});
