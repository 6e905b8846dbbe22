import type { Listed, Services } from '@groundcrew/core';
import { darkCellGaps, isStub } from '../../dark-cells.ts';
import type { MetricDetails, MetricList } from '../metric-list.ts';
import { projects, type ProjectName } from './identity.ts';

type Server = Listed<'compute', 'servers'>;
type ComputeService = Listed<'compute', 'services'>;

/** What Nova caps a page at, unless `[api] max_limit` says otherwise. */
const PAGE_SIZE = 1000;

const UNKNOWN = 'UNKNOWN';

/** From 2.69 on, which tells of the hosts in cells that do not respond. */
export const computeServices: MetricList<ComputeService> = {
  name: 'compute services',
  what: 'compute services',
  service: 'compute',
  open: ({ compute }, options) => compute.at('2.69').services.list({}, options) as AsyncIterable<never>,
  older: ({ compute }, options) => compute.services.list({}, options),
};

export const servers: MetricList<Server> = {
  name: 'servers',
  what: 'servers',
  service: 'compute',
  pageSize: PAGE_SIZE,
  open: ({ compute }, options) => compute.servers.list({ all_tenants: true }, options),
  own: { isCall: true, open: ({ compute }, options) => compute.servers.list({}, options) },
  doubt: {
    list: computeServices,
    isSuspect: isStub,
    gaps: (stubs, services) => {
      const dark = (services.value as readonly ComputeService[])
        .filter(({ binary, status }) => binary === 'nova-compute' && status === UNKNOWN)
        .map(({ host }) => host);
      return darkCellGaps(stubs, { ...services, value: dark });
    },
  },
};

export const aggregates: MetricList<Listed<'compute', 'aggregates'>> = {
  name: 'aggregates',
  what: 'host aggregates',
  service: 'compute',
  open: ({ compute }, options) => compute.aggregates.list({}, options),
};

/** At the floor, where hypervisors have their counters: in one answer, however many there are. */
export const hypervisors: MetricList<Listed<'compute', 'hypervisors'>> = {
  name: 'hypervisors',
  what: 'hypervisors',
  service: 'compute',
  open: ({ compute }, options) => compute.hypervisors.list({}, options),
};

type ComputeQuota = Awaited<ReturnType<Services['compute']['quotaSets']['detail']>>;

export const computeQuotas: MetricDetails<ProjectName, ComputeQuota> = {
  name: 'compute quotas',
  what: 'compute quotas',
  service: 'compute',
  of: projects,
  named: ({ name }) => `project ${name}`,
  get: ({ compute }, { id }, options) => compute.quotaSets.detail({ id }, options),
};
