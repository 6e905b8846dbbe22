import type { Listed, Services } from '@groundcrew/core';
import type { MetricDetails, MetricList } from '../metric-list.ts';
import { projects, type ProjectName } from './identity.ts';

const service = 'network';

/** Neutron shows a user who is no administrator what that project may use, without a word about the rest. */
const visible = { service, pageSize: 1000, withheld: 'own' } as const;

type Network = Services['network'];
type Fields<R extends 'floatingIps' | 'ports' | 'routers' | 'networks' | 'subnets' | 'securityGroups'> =
  ReturnType<Network[R]['listFields']> extends AsyncIterable<infer E> ? E : never;

// Only the fields that are counted: a port is 2 KB, and these are a tenth of it.
const OWNER = ['id', 'project_id'];

export const floatingIps: MetricList<Fields<'floatingIps'>> = {
  ...visible,
  name: 'floating IPs',
  what: 'floating IPs',
  open: ({ network }, options) =>
    network.floatingIps.listFields(
      {
        fields: [...OWNER, 'status', 'floating_network_id', 'router_id', 'port_id', 'floating_ip_address'],
      },
      options,
    ),
};

/** A port without its other fields is 0.3 KB: a page is as long as one of 1,000 whole ports, and a fifth of the requests. */
const PORTS_OF_A_PAGE = 5000;

export const ports: MetricList<Fields<'ports'>> = {
  ...visible,
  pageSize: PORTS_OF_A_PAGE,
  name: 'ports',
  what: 'ports',
  open: ({ network }, options) =>
    network.ports.listFields(
      {
        limit: PORTS_OF_A_PAGE,
        fields: [
          ...OWNER,
          'status',
          'network_id',
          'mac_address',
          'device_owner',
          'device_id',
          'binding:vif_type',
          'admin_state_up',
          'fixed_ips',
        ],
      },
      options,
    ),
};

export const routers: MetricList<Fields<'routers'>> = {
  ...visible,
  name: 'routers',
  what: 'routers',
  open: ({ network }, options) =>
    network.routers.listFields(
      { fields: [...OWNER, 'status', 'name', 'admin_state_up', 'external_gateway_info'] },
      options,
    ),
};

export const networks: MetricList<Fields<'networks'>> = {
  ...visible,
  name: 'networks',
  what: 'networks',
  open: ({ network }, options) => network.networks.listFields({ fields: [...OWNER, 'status'] }, options),
};

export const subnets: MetricList<Fields<'subnets'>> = {
  ...visible,
  name: 'subnets',
  what: 'subnets',
  open: ({ network }, options) => network.subnets.listFields({ fields: [...OWNER, 'ip_version'] }, options),
};

export const securityGroups: MetricList<Fields<'securityGroups'>> = {
  ...visible,
  name: 'security groups',
  what: 'security groups',
  open: ({ network }, options) => network.securityGroups.listFields({ fields: OWNER }, options),
};

/** Neutron answers others than administrators with an empty list, and no error. */
const forAdmins = { service, pageSize: 1000, withheld: 'nothing' } as const;

export const networkAgents: MetricList<Listed<'network', 'agents'>> = {
  ...forAdmins,
  name: 'network agents',
  what: 'network agents',
  open: ({ network }, options) => network.agents.list({}, options),
};

/** Neutron counts them all at each call, and answers all at once. */
export const ipAvailabilities: MetricList<Listed<'network', 'networkIpAvailabilities'>> = {
  ...forAdmins,
  pageSize: undefined,
  name: 'IP availabilities',
  what: 'IP availabilities',
  open: ({ network }, options) => network.networkIpAvailabilities.list({}, options),
};

type NetworkQuota = Awaited<ReturnType<Network['quotas']['details']>>;

export const networkQuotas: MetricDetails<ProjectName, NetworkQuota> = {
  name: 'network quotas',
  what: 'network quotas',
  service,
  of: projects,
  named: ({ name }) => `project ${name}`,
  get: ({ network }, { id }, options) => network.quotas.details({ project_id: id }, options),
};
