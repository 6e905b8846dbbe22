import { collector } from '../collector.ts';
import { servers as list } from '../lists/compute.ts';
import { metric } from '../metric.ts';

const HYPERVISOR = 'OS-EXT-SRV-ATTR:hypervisor_hostname';
const HOST = 'OS-EXT-SRV-ATTR:host';
const ZONE = 'OS-EXT-AZ:availability_zone';

/** Servers of all projects. While a cell does not respond, Nova leaves its servers out, and there are no totals. */
export const servers = collector({
  name: 'servers',
  help: 'Servers by state, project, flavor and place.',
  lists: [list],
  metrics: [
    {
      metric: metric({
        name: 'openstack_nova_total_vms',
        help: 'Servers of all projects, in whatever state.',
        peer: { name: 'openstack_nova_total_vms' },
      }),
      draw: () => [[1]],
    },
    {
      metric: metric({
        name: 'openstack_nova_running_vms',
        help: 'Servers in ACTIVE by node, zone and project.',
        labels: ['hostname', 'availability_zone', 'tenant_id'],
        peer: {
          name: 'openstack_nova_running_vms',
          differs: 'The label aggregates, which is empty there, is left out.',
        },
      }),
      draw: (server, { ownProject }) =>
        server.status === 'ACTIVE'
          ? [[1, forAdmins(server[HYPERVISOR], ownProject), server[ZONE], server.tenant_id]]
          : [],
    },
    {
      metric: metric({
        name: 'groundcrew_nova_servers',
        help: 'Servers by status and project.',
        labels: ['status', 'project_id'],
      }),
      draw: (server) => [[1, server.status, server.tenant_id]],
    },
    {
      metric: metric({
        name: 'groundcrew_nova_servers_of_flavor',
        help: 'Servers by flavor.',
        labels: ['flavor_id'],
      }),
      draw: (server) => [[1, server.flavor?.id]],
    },
    {
      metric: metric({
        name: 'groundcrew_nova_servers_on_host',
        help: 'Servers that have a compute host, in whatever state, by host and zone.',
        labels: ['host', 'availability_zone'],
      }),
      // Null while it is unscheduled, or shelved and offloaded.
      draw: (server) => (server[HOST] === null ? [] : [[1, server[HOST], server[ZONE]]]),
    },
    {
      metric: metric({
        name: 'groundcrew_nova_server_info',
        help: 'A server; the value is always 1.',
        labels: ['id', 'name', 'status', 'project_id', 'user_id', 'flavor_id', 'host', 'availability_zone'],
        ids: ['id', 'name'],
        peer: {
          name: 'openstack_nova_server_status',
          differs: 'There the value is a number for the status; here it is 1, and the status is the label.',
        },
      }),
      by: 'each',
      draw: (server, { ownProject }) => [
        [
          1,
          server.id,
          server.name,
          server.status,
          server.tenant_id,
          server.user_id,
          server.flavor?.id,
          forAdmins(server[HOST], ownProject),
          server[ZONE],
        ],
      ],
    },
  ],
});

/** A field that Nova tells administrators only: others have an empty label. */
const forAdmins = (
  value: string | null | undefined,
  ownProject: string | undefined,
): string | null | undefined => (ownProject === undefined ? value : (value ?? null));
