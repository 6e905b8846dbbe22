import type { Listed, Services } from '@groundcrew/core';
import type { MetricDetails, MetricList } from '../metric-list.ts';
import { projects, type ProjectName } from './identity.ts';

const service = 'block-storage';

/** What Cinder caps a page at, unless `osapi_max_limit` says otherwise. */
const PAGE_SIZE = 1000;

/** Cinder narrows `all_tenants` of a user who is no administrator to the own project, without a word. */
const tenants = { service, pageSize: PAGE_SIZE, withheld: 'own' } as const;
const all = { all_tenants: true } as const;

export const volumes: MetricList<Listed<'blockStorage', 'volumes'>> = {
  ...tenants,
  name: 'volumes',
  what: 'volumes',
  open: ({ blockStorage }, options) => blockStorage.volumes.list(all, options),
};

export const snapshots: MetricList<Listed<'blockStorage', 'snapshots'>> = {
  ...tenants,
  name: 'snapshots',
  what: 'volume snapshots',
  open: ({ blockStorage }, options) => blockStorage.snapshots.list(all, options),
};

type Backup = Listed<'blockStorage', 'backups'> & {
  readonly 'os-backup-project-attr:project_id'?: string | undefined;
};

/** From 3.18 on, which tells administrators whose they are. */
export const backups: MetricList<Backup> = {
  ...tenants,
  name: 'backups',
  what: 'volume backups',
  open: (cloud, options) => cloud.blockStorage.at('3.18').backups.list(all, options),
};

export const pools: MetricList<Listed<'blockStorage', 'pools'>> = {
  name: 'pools',
  what: 'storage pools',
  service,
  open: ({ blockStorage }, options) => blockStorage.pools.list({ detail: true }, options),
};

export const volumeServices: MetricList<Listed<'blockStorage', 'services'>> = {
  name: 'volume services',
  what: 'volume services',
  service,
  open: ({ blockStorage }, options) => blockStorage.services.list({}, options),
};

type VolumeQuota = Awaited<ReturnType<Services['blockStorage']['quotaSets']['getUsage']>>;

export const volumeQuotas: MetricDetails<ProjectName, VolumeQuota> = {
  name: 'volume quotas',
  what: 'volume quotas',
  service,
  of: projects,
  named: ({ name }) => `project ${name}`,
  get: ({ blockStorage }, { id }, options) => blockStorage.quotaSets.getUsage({ id }, options),
};
