import { collector } from '../collector.ts';
import {
  floatingIps as floatingIpList,
  networks as networkList,
  ports as portList,
  routers as routerList,
  securityGroups as securityGroupList,
  subnets as subnetList,
} from '../lists/network.ts';
import { metric } from '../metric.ts';

/** A total under openstack-exporter's name. */
const total = (name: string, help: string) => ({
  metric: metric({ name, help, peer: { name } }),
  draw: () => [[1]] as const,
});

export const floatingIps = collector({
  name: 'floating-ips',
  help: 'Floating IPs by state and project.',
  lists: [floatingIpList],
  metrics: [
    total('openstack_neutron_floating_ips', 'Floating IPs of all projects, in whatever state.'),
    {
      metric: metric({
        name: 'openstack_neutron_floating_ips_associated_not_active',
        help: 'Floating IPs that lead to a port and are not ACTIVE.',
        peer: { name: 'openstack_neutron_floating_ips_associated_not_active' },
      }),
      draw: (ip) => [
        [
          ip.port_id === undefined || ip.status === undefined
            ? undefined
            : ip.port_id !== null && ip.status !== 'ACTIVE'
              ? 1
              : 0,
        ],
      ],
    },
    {
      metric: metric({
        name: 'groundcrew_neutron_floating_ips',
        help: 'Floating IPs by status, project, and whether they lead to a port.',
        labels: ['status', 'associated', 'project_id'],
      }),
      draw: (ip) => [
        [1, ip.status, ip.port_id === undefined ? undefined : ip.port_id !== null, ip.project_id],
      ],
    },
    {
      metric: metric({
        name: 'openstack_neutron_floating_ip',
        help: 'A floating IP; the value is always 1.',
        labels: ['id', 'floating_network_id', 'router_id', 'status', 'project_id', 'floating_ip_address'],
        ids: ['id', 'floating_ip_address'],
        peer: { name: 'openstack_neutron_floating_ip', differs: 'Only where it is asked for.' },
      }),
      by: 'each',
      draw: (ip) => [
        [1, ip.id, ip.floating_network_id, ip.router_id, ip.status, ip.project_id, ip.floating_ip_address],
      ],
    },
  ],
});

export const ports = collector({
  name: 'ports',
  help: 'Ports by state, owner and project.',
  lists: [portList],
  metrics: [
    total('openstack_neutron_ports', 'Ports of all projects, in whatever state.'),
    {
      metric: metric({
        name: 'openstack_neutron_ports_no_ips',
        help: 'Ports in ACTIVE that have no address.',
        peer: { name: 'openstack_neutron_ports_no_ips' },
      }),
      draw: ({ status, fixed_ips }) => [
        [
          status === undefined || fixed_ips === undefined
            ? undefined
            : status === 'ACTIVE' && fixed_ips.length === 0
              ? 1
              : 0,
        ],
      ],
    },
    {
      metric: metric({
        name: 'openstack_neutron_ports_lb_not_active',
        help: 'Ports of load balancers of neutron-lbaas that are not ACTIVE.',
        peer: { name: 'openstack_neutron_ports_lb_not_active' },
      }),
      draw: ({ status, device_owner }) => [
        [
          status === undefined || device_owner === undefined
            ? undefined
            : device_owner === 'neutron:LOADBALANCERV2' && status !== 'ACTIVE'
              ? 1
              : 0,
        ],
      ],
    },
    {
      metric: metric({
        name: 'groundcrew_neutron_ports',
        help: 'Ports by status, project, and kind of owner (network, compute, neutron, … or empty), without its zone.',
        labels: ['status', 'owner', 'project_id'],
      }),
      draw: (port) => [[1, port.status, port.device_owner?.split(':', 1)[0], port.project_id]],
    },
    {
      metric: metric({
        name: 'openstack_neutron_port',
        help: 'A port; the value is always 1.',
        labels: [
          'uuid',
          'network_id',
          'mac_address',
          'device_owner',
          'device_id',
          'status',
          'binding_vif_type',
          'admin_state_up',
          'fixed_ips',
        ],
        ids: ['uuid', 'mac_address', 'device_id', 'fixed_ips'],
        peer: { name: 'openstack_neutron_port', differs: 'Only where it is asked for.' },
      }),
      by: 'each',
      draw: (port) => [
        [
          1,
          port.id,
          port.network_id,
          port.mac_address,
          port.device_owner,
          port.device_id,
          port.status,
          // Administrators only.
          port['binding:vif_type'] ?? null,
          port.admin_state_up,
          port.fixed_ips?.map(({ ip_address }) => ip_address).join(','),
        ],
      ],
    },
  ],
});

export const routers = collector({
  name: 'routers',
  help: 'Routers by state and project.',
  lists: [routerList],
  metrics: [
    total('openstack_neutron_routers', 'Routers of all projects, in whatever state.'),
    {
      metric: metric({
        name: 'openstack_neutron_routers_not_active',
        help: 'Routers that are not ACTIVE.',
        peer: { name: 'openstack_neutron_routers_not_active' },
      }),
      draw: ({ status }) => [[status === undefined ? undefined : status === 'ACTIVE' ? 0 : 1]],
    },
    {
      metric: metric({
        name: 'groundcrew_neutron_routers',
        help: 'Routers by status and project.',
        labels: ['status', 'project_id'],
      }),
      draw: (router) => [[1, router.status, router.project_id]],
    },
    {
      metric: metric({
        name: 'openstack_neutron_router',
        help: 'A router; the value is always 1.',
        labels: ['id', 'name', 'project_id', 'admin_state_up', 'status', 'external_network_id'],
        ids: ['id', 'name'],
        peer: { name: 'openstack_neutron_router', differs: 'Only where it is asked for.' },
      }),
      by: 'each',
      draw: (router) => [
        [
          1,
          router.id,
          router.name,
          router.project_id,
          router.admin_state_up,
          router.status,
          router.external_gateway_info?.network_id ?? null,
        ],
      ],
    },
  ],
});

export const networks = collector({
  name: 'networks',
  help: 'Networks by state and project.',
  lists: [networkList],
  metrics: [
    total('openstack_neutron_networks', 'Networks of all projects, in whatever state.'),
    {
      metric: metric({
        name: 'groundcrew_neutron_networks',
        help: 'Networks by status and project.',
        labels: ['status', 'project_id'],
      }),
      draw: (network) => [[1, network.status, network.project_id]],
    },
  ],
});

export const subnets = collector({
  name: 'subnets',
  help: 'Subnets by version of IP and project.',
  lists: [subnetList],
  metrics: [
    total('openstack_neutron_subnets', 'Subnets of all projects.'),
    {
      metric: metric({
        name: 'groundcrew_neutron_subnets',
        help: 'Subnets by version of IP and project.',
        labels: ['ip_version', 'project_id'],
      }),
      draw: (subnet) => [[1, subnet.ip_version, subnet.project_id]],
    },
  ],
});

export const securityGroups = collector({
  name: 'security-groups',
  help: 'Security groups by project.',
  lists: [securityGroupList],
  metrics: [
    total('openstack_neutron_security_groups', 'Security groups of all projects.'),
    {
      metric: metric({
        name: 'groundcrew_neutron_security_groups',
        help: 'Security groups by project.',
        labels: ['project_id'],
      }),
      draw: (group) => [[1, group.project_id]],
    },
  ],
});
