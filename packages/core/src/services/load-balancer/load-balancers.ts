import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';
import { CommonFilters, PAGE_SIZE, Paging } from './filters.ts';
import { Common, References } from './status.ts';

/** A load balancer. */
export const LoadBalancer = answer({
  ...Common,
  /** The driver that makes it: `amphora` (or its alias `octavia`), `ovn`, one of a vendor. */
  provider: z.string().nullable().optional(),
  /** The address that it is reached at. */
  vip_address: z.string().nullable().optional(),
  vip_port_id: z.string().nullable().optional(),
  vip_subnet_id: z.string().nullable().optional(),
  vip_network_id: z.string().nullable().optional(),
  vip_qos_policy_id: z.string().nullable().optional(),
  /** From API 2.28 on. */
  vip_vnic_type: z.string().nullable().optional(),
  /** From API 2.29 on. */
  vip_sg_ids: z.array(z.string()).nullable().optional(),
  /** Further addresses; from API 2.26 on. */
  additional_vips: z
    .array(
      tolerant({
        subnet_id: z.string(),
        ip_address: z.string().nullable().optional(),
        port_id: z.string().nullable().optional(),
      }),
    )
    .nullable()
    .optional(),
  listeners: References.nullable().optional(),
  pools: References.nullable().optional(),
  flavor_id: z.string().nullable().optional(),
  /** From API 2.14 on. */
  availability_zone: z.string().nullable().optional(),
});
export type LoadBalancer = OutputAt<typeof LoadBalancer>;

const ById = args({ id: z.string() });

/**
 * Load balancers. Which of them a user is shown is Octavia's own policy: before 2025.1 a plain `member` is refused (403), and the
 * roles `load-balancer_observer`, `load-balancer_member` and `load-balancer_global_observer` may look; since then `member` and
 * `reader` are shown their project's (`octavia/policies/keystone_default_roles.py`).
 */
export const loadBalancers = resource({
  name: 'loadBalancers',
  settles: { field: 'provisioning_status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one. */
    get: operation({
      verb: 'GET',
      path: 'lbaas/loadbalancers/{id}',
      receive: 'loadbalancer',
      input: ById,
      output: LoadBalancer,
    }),
    /**
     * Iterate over load balancers. Users who are shown all projects' have those, others their project's, without a word about
     * the rest.
     * @example
     * for await (const balancer of cloud.loadBalancer.loadBalancers.list({ provisioning_status: 'ERROR' })) …
     */
    list: operation({
      verb: 'GET',
      path: 'lbaas/loadbalancers',
      receive: 'loadbalancers',
      page: 'link-then-marker',
      pageSize: PAGE_SIZE,
      input: args({
        ...CommonFilters,
        provider: z.string().optional(),
        vip_address: z.string().optional(),
        vip_port_id: z.string().optional(),
        vip_subnet_id: z.string().optional(),
        vip_network_id: z.string().optional(),
        availability_zone: z.string().optional(),
        flavor_id: z.string().optional(),
        ...Paging,
      }),
      output: LoadBalancer,
    }),
    /**
     * Create a load balancer; it is `PENDING_CREATE` until it is `ACTIVE` or in `ERROR`. It needs a network, a subnet or a port
     * for its address.
     * @example
     * const { id } = await cloud.loadBalancer.loadBalancers.create({ name: 'web', vip_subnet_id });
     * await cloud.loadBalancer.loadBalancers.waitFor(id, 'ACTIVE');
     */
    create: operation({
      verb: 'POST',
      path: 'lbaas/loadbalancers',
      send: 'loadbalancer',
      receive: 'loadbalancer',
      status: 201,
      input: args({
        name: z.string().max(255).optional(),
        description: z.string().max(255).optional(),
        admin_state_up: z.boolean().optional(),
        project_id: z.string().optional(),
        provider: z.string().optional(),
        vip_address: z.string().optional(),
        vip_port_id: z.string().optional(),
        vip_subnet_id: z.string().optional(),
        vip_network_id: z.string().optional(),
        vip_qos_policy_id: z.string().optional(),
        vip_vnic_type: z.string().optional(),
        vip_sg_ids: z.array(z.string()).optional(),
        additional_vips: z
          .array(z.strictObject({ subnet_id: z.string(), ip_address: z.string().optional() }))
          .optional(),
        flavor_id: z.string().optional(),
        availability_zone: z.string().optional(),
        tags: z.array(z.string()).optional(),
      }),
      output: LoadBalancer,
    }),
    /** Delete a load balancer. 409 while it changes; unless `cascade`, 400 while it has listeners or pools. */
    delete: operation({
      verb: 'DELETE',
      path: 'lbaas/loadbalancers/{id}',
      input: args({
        id: z.string(),
        /** Whether its listeners and pools go with it. @default false */
        cascade: z.boolean().optional(),
      }),
    }),
  },
});
