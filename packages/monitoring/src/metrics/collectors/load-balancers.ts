import { collector } from '../collector.ts';
import {
  amphorae as amphoraList,
  loadBalancerPools as poolList,
  loadBalancers as loadBalancerList,
} from '../lists/load-balancer.ts';
import { metric } from '../metric.ts';

/** Numbers of statuses: openstack-exporter's (`exporters/loadbalancer.go`), and behind them those that it does not know. */
const OPERATING: Readonly<Record<string, number>> = {
  ONLINE: 0,
  DRAINING: 1,
  OFFLINE: 2,
  ERROR: 3,
  NO_MONITOR: 4,
  DEGRADED: 5,
};
const PROVISIONING: Readonly<Record<string, number>> = {
  ACTIVE: 0,
  DELETED: 1,
  ERROR: 2,
  PENDING_CREATE: 3,
  PENDING_UPDATE: 4,
  PENDING_DELETE: 5,
};
const AMPHORA: Readonly<Record<string, number>> = {
  BOOTING: 0,
  ALLOCATED: 1,
  READY: 2,
  PENDING_CREATE: 3,
  PENDING_DELETE: 4,
  DELETED: 5,
  ERROR: 6,
  PENDING_UPDATE: 7,
  FAILOVER_STOPPED: 8,
};

export const loadBalancers = collector({
  name: 'load-balancers',
  help: 'Load balancers of Octavia by both of their states, provider and project.',
  lists: [loadBalancerList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_loadbalancer_total_loadbalancers',
        help: 'Load balancers of all projects, in whatever state.',
        peer: { name: 'openstack_loadbalancer_total_loadbalancers' },
      }),
      draw: () => [[1]],
    },
    {
      metric: metric({
        name: 'groundcrew_loadbalancer_loadbalancers',
        help: 'Load balancers by what Octavia does with them, what was last seen of them at work, provider and project.',
        labels: ['provisioning_status', 'operating_status', 'provider', 'project_id'],
      }),
      draw: (balancer) => [
        [1, balancer.provisioning_status, balancer.operating_status, balancer.provider, balancer.project_id],
      ],
    },
    {
      metric: metric({
        name: 'openstack_loadbalancer_loadbalancer_status',
        help: 'The operating status of a load balancer: 0 ONLINE, 1 DRAINING, 2 OFFLINE, 3 ERROR, 4 NO_MONITOR, 5 DEGRADED.',
        labels: [
          'id',
          'name',
          'project_id',
          'operating_status',
          'provisioning_status',
          'provider',
          'vip_address',
        ],
        ids: ['id', 'name', 'vip_address'],
        peer: {
          name: 'openstack_loadbalancer_loadbalancer_status',
          differs: 'Only where it is asked for. There DEGRADED is -1.',
        },
      }),
      by: 'each',
      draw: (balancer) => [
        [
          OPERATING[balancer.operating_status],
          balancer.id,
          balancer.name,
          balancer.project_id,
          balancer.operating_status,
          balancer.provisioning_status,
          balancer.provider,
          // WSME leaves it out of one that got no address.
          balancer.vip_address ?? null,
        ],
      ],
    },
  ],
});

export const loadBalancerPools = collector({
  name: 'load-balancer-pools',
  help: 'Pools of load balancers by both of their states and project.',
  lists: [poolList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_loadbalancer_total_pools',
        help: 'Pools of load balancers of all projects, in whatever state.',
        peer: { name: 'openstack_loadbalancer_total_pools' },
      }),
      draw: () => [[1]],
    },
    {
      metric: metric({
        name: 'groundcrew_loadbalancer_pools',
        help: 'Pools of load balancers by what Octavia does with them, what was last seen of their members, and project.',
        labels: ['provisioning_status', 'operating_status', 'project_id'],
      }),
      draw: (pool) => [[1, pool.provisioning_status, pool.operating_status, pool.project_id]],
    },
    {
      metric: metric({
        name: 'openstack_loadbalancer_pool_status',
        help: 'The provisioning status of a pool: 0 ACTIVE, 1 DELETED, 2 ERROR, 3 to 5 PENDING_CREATE, PENDING_UPDATE, PENDING_DELETE.',
        labels: [
          'id',
          'provisioning_status',
          'name',
          'loadbalancers',
          'protocol',
          'lb_algorithm',
          'operating_status',
          'project_id',
        ],
        ids: ['id', 'name', 'loadbalancers'],
        peer: { name: 'openstack_loadbalancer_pool_status', differs: 'Only where it is asked for.' },
      }),
      by: 'each',
      draw: (pool) => [
        [
          PROVISIONING[pool.provisioning_status],
          pool.id,
          pool.provisioning_status,
          pool.name,
          pool.loadbalancers?.map(({ id }) => id).join(','),
          pool.protocol,
          pool.lb_algorithm,
          pool.operating_status,
          pool.project_id,
        ],
      ],
    },
  ],
});

export const amphorae = collector({
  name: 'amphorae',
  help: 'Amphorae, the servers in which load balancers of the provider amphora run, by state and role.',
  lists: [amphoraList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_loadbalancer_total_amphorae',
        help: 'Amphorae, in whatever state.',
        peer: { name: 'openstack_loadbalancer_total_amphorae' },
      }),
      draw: () => [[1]],
    },
    {
      metric: metric({
        name: 'groundcrew_loadbalancer_amphorae',
        help: 'Amphorae by status and role.',
        labels: ['status', 'role'],
      }),
      draw: (amphora) => [[1, amphora.status, amphora.role]],
    },
    {
      metric: metric({
        name: 'openstack_loadbalancer_amphora_status',
        help: 'The status of an amphora: 0 BOOTING, 1 ALLOCATED, 2 READY, 3 PENDING_CREATE, 4 PENDING_DELETE, 5 DELETED, 6 ERROR, 7 PENDING_UPDATE, 8 FAILOVER_STOPPED.',
        labels: [
          'id',
          'loadbalancer_id',
          'compute_id',
          'status',
          'role',
          'lb_network_ip',
          'ha_ip',
          'cert_expiration',
        ],
        ids: ['id', 'loadbalancer_id', 'compute_id', 'lb_network_ip', 'ha_ip', 'cert_expiration'],
        peer: {
          name: 'openstack_loadbalancer_amphora_status',
          differs:
            'Only where it is asked for. There PENDING_UPDATE and FAILOVER_STOPPED are -1, and a certificate without an end has one in the year 1.',
        },
      }),
      by: 'each',
      draw: (amphora) => [
        [
          AMPHORA[amphora.status],
          amphora.id,
          amphora.loadbalancer_id,
          amphora.compute_id,
          amphora.status,
          amphora.role,
          amphora.lb_network_ip,
          amphora.ha_ip,
          amphora.cert_expiration,
        ],
      ],
    },
  ],
});
