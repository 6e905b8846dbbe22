import { collector } from '../collector.ts';
import { ipAvailabilities } from '../lists/network.ts';
import { metric } from '../metric.ts';

type Figure = 'total_ips' | 'used_ips';

interface Subnets {
  readonly subnet_ip_availability: readonly (Readonly<Record<Figure, number>> & {
    readonly ip_version: number;
    readonly cidr: string;
    readonly subnet_name: string | null;
  })[];
}

/** A figure of all subnets, by version of IP and project. */
const sum = (name: string, help: string, figure: Figure) => ({
  metric: metric({ name, help, labels: ['ip_version', 'project_id'] }),
  draw: (network: Subnets & Owned) =>
    network.subnet_ip_availability.map(
      (subnet) => [subnet[figure], subnet.ip_version, network.project_id] as const,
    ),
});

/** A figure of each subnet, under openstack-exporter's name. */
const each = (name: string, help: string, figure: Figure) => ({
  metric: metric({
    name,
    help,
    labels: ['network_id', 'network_name', 'ip_version', 'cidr', 'subnet_name', 'project_id'],
    ids: ['network_id', 'network_name', 'cidr', 'subnet_name'],
    peer: { name, differs: 'Only where it is asked for.' },
  }),
  by: 'each' as const,
  draw: (network: Subnets & Owned & { readonly network_id: string; readonly network_name: string }) =>
    network.subnet_ip_availability.map(
      (subnet) =>
        [
          subnet[figure],
          network.network_id,
          network.network_name,
          subnet.ip_version,
          subnet.cidr,
          subnet.subnet_name,
          network.project_id,
        ] as const,
    ),
});

interface Owned {
  readonly project_id?: string | null | undefined;
}

export const ipAvailability = collector({
  name: 'ip-availability',
  help: 'Addresses that subnets have and use (extension network-ip-availability).',
  lists: [ipAvailabilities],
  metrics: [
    sum(
      'groundcrew_neutron_ips_total_of_subnets',
      'Addresses in the allocation pools of subnets.',
      'total_ips',
    ),
    sum('groundcrew_neutron_ips_used_of_subnets', 'Addresses of subnets that are in use.', 'used_ips'),
    each(
      'openstack_neutron_network_ip_availabilities_total',
      'Addresses in the allocation pools of a subnet.',
      'total_ips',
    ),
    each(
      'openstack_neutron_network_ip_availabilities_used',
      'Addresses of a subnet that are in use.',
      'used_ips',
    ),
  ],
});
