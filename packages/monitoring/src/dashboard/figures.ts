import type { Collector } from '../metrics/collector.ts';
import { hypervisors } from '../metrics/collectors/hypervisors.ts';
import { images } from '../metrics/collectors/images.ts';
import { ipAvailability } from '../metrics/collectors/ip-availability.ts';
import { amphorae, loadBalancerPools, loadBalancers } from '../metrics/collectors/load-balancers.ts';
import {
  floatingIps,
  networks,
  ports,
  routers,
  securityGroups,
  subnets,
} from '../metrics/collectors/network.ts';
import { placement } from '../metrics/collectors/placement.ts';
import { pools } from '../metrics/collectors/pools.ts';
import { computeQuotas, networkQuotas, volumeQuotas } from '../metrics/collectors/quotas.ts';
import { servers } from '../metrics/collectors/servers.ts';
import { computeServices, networkAgents, volumeServices } from '../metrics/collectors/services.ts';
import { backups, snapshots, volumes } from '../metrics/collectors/volumes.ts';
import { each, type Figure, type Figures, type Line, sumBy, topBy, total } from './figure.ts';

/** Services that there are, and those of them that report, each kind by its program. */
const reporting = (metric: string): Figure => ({
  title: 'Services that there are, and that report',
  lines: [
    { expr: (series) => `count by (service) (${series(metric)})`, legend: '{{service}}: there are' },
    { expr: (series) => `sum by (service) (${series(metric)})`, legend: '{{service}}: report' },
  ],
});

/** What is used of what there is, the ten greatest shares. */
const topShare = (used: string, of: string, legend: string): Line => ({
  expr: (series) => `topk(10, ${series(used)} / ${series(of)})`,
  legend,
});

/** The same for a metric that has both, told apart by the label `type`. */
const topTypedShare = (metric: string, used: string, legend: string): Line => ({
  expr: (series) =>
    `topk(10, sum without (type) (${series(metric, ['type', '=~', `${used}|reserved`])}) / ignoring (type) ${series(metric, ['type', '=', 'limit'])})`,
  legend,
});

const share = (used: string, of: string, label: string): Line => ({
  expr: (series) => `sum by (${label}) (${series(used)}) / sum by (${label}) (${series(of)})`,
  legend: `{{${label}}}`,
});

/** Things of Cinder: how many in which state, and how large. */
const stored = (what: string, collector: Collector, metric: string, bytes: string): Figures => ({
  collector,
  figures: [
    { title: `${what} by status`, lines: [sumBy('status', metric)] },
    { title: `Size of ${what.toLowerCase()} by project`, lines: [topBy('project_id', bytes)], unit: 'bytes' },
  ],
});

/** Things of Neutron: how many in which state, and whose. */
const owned = (what: string, collector: Collector, metric: string, by: string): Figures => ({
  collector,
  figures: [
    { title: `${what} by ${by.replaceAll('_', ' ')}`, lines: [sumBy(by, metric)] },
    { title: `${what} by project`, lines: [topBy('project_id', metric)] },
  ],
});

/** What the dashboard shows of the collectors that come with this package. */
export const FIGURES: readonly Figures[] = [
  {
    collector: servers,
    figures: [
      { title: 'Servers by status', lines: [sumBy('status', 'groundcrew_nova_servers')] },
      { title: 'Servers by project', lines: [topBy('project_id', 'groundcrew_nova_servers')] },
      { title: 'Servers by host', lines: [topBy('host', 'groundcrew_nova_servers_on_host')] },
      { title: 'Servers by flavor', lines: [topBy('flavor_id', 'groundcrew_nova_servers_of_flavor')] },
    ],
  },
  {
    collector: hypervisors,
    figures: [
      {
        title: 'CPUs of nodes',
        lines: [
          total('openstack_nova_vcpus_available', 'there are'),
          total('openstack_nova_vcpus_used', 'promised'),
        ],
      },
      {
        title: 'Memory of nodes',
        lines: [
          total('openstack_nova_memory_available_bytes', 'there is'),
          total('openstack_nova_memory_used_bytes', 'promised or kept'),
        ],
        unit: 'bytes',
      },
    ],
  },
  { collector: computeServices, figures: [reporting('openstack_nova_agent_state')] },
  {
    collector: volumes,
    figures: [
      { title: 'Volumes by status', lines: [sumBy('status', 'groundcrew_cinder_volumes')] },
      {
        title: 'Size of volumes by type',
        lines: [sumBy('volume_type', 'groundcrew_cinder_volume_size_bytes')],
        unit: 'bytes',
      },
    ],
  },
  stored('Snapshots', snapshots, 'groundcrew_cinder_snapshots', 'groundcrew_cinder_snapshot_size_bytes'),
  stored('Backups', backups, 'groundcrew_cinder_backups', 'groundcrew_cinder_backup_size_bytes'),
  {
    collector: pools,
    figures: [
      {
        title: 'Share of pools that is free',
        lines: [each('groundcrew_cinder_pool_free_ratio', '{{name}}')],
        unit: 'percentunit',
      },
      {
        title: 'Share of their promises that thin pools may still make',
        lines: [each('groundcrew_cinder_pool_promisable_ratio', '{{name}}')],
        unit: 'percentunit',
      },
      {
        title: 'Free space that pools tell',
        lines: [each('openstack_cinder_pool_capacity_free_gb', '{{name}}')],
        unit: 'gbytes',
      },
      {
        title: 'Whether a pool tells enough (1) or not (0)',
        lines: [each('groundcrew_cinder_pool_room_known', '{{name}}')],
      },
    ],
  },
  { collector: volumeServices, figures: [reporting('openstack_cinder_agent_state')] },
  {
    collector: images,
    figures: [
      { title: 'Images by status', lines: [sumBy('status', 'groundcrew_glance_images')] },
      {
        title: 'Size of images by project',
        lines: [topBy('project_id', 'groundcrew_glance_image_size_bytes')],
        unit: 'bytes',
      },
    ],
  },
  owned('Networks', networks, 'groundcrew_neutron_networks', 'status'),
  owned('Subnets', subnets, 'groundcrew_neutron_subnets', 'ip_version'),
  owned('Ports', ports, 'groundcrew_neutron_ports', 'owner'),
  owned('Routers', routers, 'groundcrew_neutron_routers', 'status'),
  owned('Floating IPs', floatingIps, 'groundcrew_neutron_floating_ips', 'associated'),
  {
    collector: securityGroups,
    figures: [
      {
        title: 'Security groups by project',
        lines: [topBy('project_id', 'groundcrew_neutron_security_groups')],
      },
    ],
  },
  { collector: networkAgents, figures: [reporting('openstack_neutron_agent_state')] },
  {
    collector: ipAvailability,
    figures: [
      {
        title: 'Share of addresses in use by version of IP',
        lines: [
          share(
            'groundcrew_neutron_ips_used_of_subnets',
            'groundcrew_neutron_ips_total_of_subnets',
            'ip_version',
          ),
        ],
        unit: 'percentunit',
      },
      {
        title: 'Share of addresses in use by project',
        lines: [
          topShare(
            'groundcrew_neutron_ips_used_of_subnets',
            'groundcrew_neutron_ips_total_of_subnets',
            '{{project_id}} IPv{{ip_version}}',
          ),
        ],
        unit: 'percentunit',
      },
    ],
  },
  {
    collector: loadBalancers,
    figures: [
      {
        title: 'Load balancers by operating status',
        lines: [sumBy('operating_status', 'groundcrew_loadbalancer_loadbalancers')],
      },
      {
        title: 'Load balancers by provisioning status',
        lines: [sumBy('provisioning_status', 'groundcrew_loadbalancer_loadbalancers')],
      },
    ],
  },
  {
    collector: loadBalancerPools,
    figures: [
      {
        title: 'Pools of load balancers by operating status',
        lines: [sumBy('operating_status', 'groundcrew_loadbalancer_pools')],
      },
    ],
  },
  {
    collector: amphorae,
    figures: [{ title: 'Amphorae by status', lines: [sumBy('status', 'groundcrew_loadbalancer_amphorae')] }],
  },
  {
    collector: computeQuotas,
    figures: [
      {
        title: 'Share of the quota of CPUs by project',
        lines: [
          topShare('openstack_nova_limits_vcpus_used', 'openstack_nova_limits_vcpus_max', '{{tenant}}'),
        ],
        unit: 'percentunit',
      },
      {
        title: 'Share of the quota of memory by project',
        lines: [
          topShare('openstack_nova_limits_memory_used', 'openstack_nova_limits_memory_max', '{{tenant}}'),
        ],
        unit: 'percentunit',
      },
    ],
  },
  {
    collector: volumeQuotas,
    figures: [
      {
        title: 'Share of the quota of volume storage by project',
        lines: [
          topShare(
            'openstack_cinder_limits_volume_used_gb',
            'openstack_cinder_limits_volume_max_gb',
            '{{tenant}}',
          ),
        ],
        unit: 'percentunit',
      },
      {
        title: 'Share of the quotas of volumes, snapshots and backups by project',
        lines: [topTypedShare('groundcrew_cinder_quota', 'in_use', '{{tenant}} {{resource}}')],
        unit: 'percentunit',
      },
    ],
  },
  {
    collector: networkQuotas,
    figures: [
      {
        title: 'Share of the quota of ports by project',
        lines: [topTypedShare('openstack_neutron_quota_port', 'used', '{{tenant}}')],
        unit: 'percentunit',
      },
      {
        title: 'Share of the quota of floating IPs by project',
        lines: [topTypedShare('openstack_neutron_quota_floatingip', 'used', '{{tenant}}')],
        unit: 'percentunit',
      },
    ],
  },
  {
    collector: placement,
    figures: [
      {
        title: 'Share that is allocated by resource class',
        lines: [share('groundcrew_placement_used', 'groundcrew_placement_capacity', 'resource_class')],
        unit: 'percentunit',
      },
    ],
  },
];
