import { extra } from '@groundcrew/core';
import { collector, type DrawnSample } from '../collector.ts';
import { computeQuotas as computeQuotaList } from '../lists/compute.ts';
import { volumeQuotas as volumeQuotaList } from '../lists/block-storage.ts';
import type { ProjectName } from '../lists/identity.ts';
import { networkQuotas as networkQuotaList } from '../lists/network.ts';
import { type Metric, metric } from '../metric.ts';

/** How every service says that there is no limit. */
const UNLIMITED = -1;

interface Answer<Q> {
  readonly of: ProjectName;
  readonly found: Q;
}

interface Usage {
  readonly limit: number;
  readonly in_use?: number;
  readonly used?: number;
  readonly reserved?: number | string;
}

const PEER = 'The sample of a limit is absent where there is none; there it is -1.';
const TENANT = ['tenant', 'tenant_id'];

/** A quota under openstack-exporter's name: the limit, what is used and what is reserved, by the service's own words. */
const quota = <Q extends object>(
  name: string,
  help: string,
  used: 'in_use' | 'used',
  usageOf: (found: Q) => Usage | undefined,
  isAlways = true,
) => ({
  metric: metric({ name, help, labels: ['type', ...TENANT], peer: { name, differs: PEER } }),
  by: 'each' as const,
  draw: ({ of, found }: Answer<Q>): readonly DrawnSample[] => {
    const usage = usageOf(found);
    // A plug-in that is not there has no quota; the service itself always has its own.
    if (usage === undefined) return isAlways ? [[undefined, used, of.name, of.id]] : [];
    return [
      ...limited(usage, 'limit', of),
      [usage[used], used, of.name, of.id],
      [figureOf(usage.reserved), 'reserved', of.name, of.id],
    ];
  },
});

/** One figure of a quota, under the name that openstack-exporter has for it. */
const figure = <Q extends object>(
  name: string,
  help: string,
  part: 'limit' | 'in_use',
  usageOf: (found: Q) => Usage | undefined,
) => ({
  metric: metric({
    name,
    help,
    labels: TENANT,
    peer: { name, differs: part === 'limit' ? 'Absent where there is no limit; there it is -1.' : undefined },
  }),
  by: 'each' as const,
  draw: ({ of, found }: Answer<Q>): readonly DrawnSample[] => {
    const usage = usageOf(found);
    const value = part === 'limit' ? usage?.limit : usage?.in_use;
    return value === UNLIMITED && part === 'limit' ? [] : [[value, of.name, of.id]];
  },
});

/** Says outright of which there is no limit: dashboards divide by limits, and -1 is none. */
const unlimited = <Q extends object>(
  name: string,
  service: string,
  fields: readonly (keyof Q & string)[],
) => ({
  metric: unlimitedMetric(name, service),
  by: 'each' as const,
  draw: ({ of, found }: Answer<Q>): readonly DrawnSample[] =>
    fields
      .filter((field) => (found[field] as Usage | undefined)?.limit === UNLIMITED)
      .map((field) => [1, field, of.name, of.id]),
});

const unlimitedMetric = (name: string, service: string): Metric =>
  metric({
    name,
    help: `1 of each quota of ${service} that is without limit; one that has a limit is absent.`,
    labels: ['resource', ...TENANT],
  });

const limited = ({ limit }: Usage, ...labels: readonly [string, ProjectName]): readonly DrawnSample[] =>
  limit === UNLIMITED ? [] : [[limit, labels[0], labels[1].name, labels[1].id]];

/** Neutron has `reserved` as text in some releases. */
const figureOf = (value: number | string | undefined): number | undefined =>
  typeof value === 'string' ? (/^\d+$/.test(value) ? Number(value) : undefined) : value;

type Compute = Readonly<Record<'cores' | 'instances' | 'ram' | 'server_groups', Usage>>;

export const computeQuotas = collector({
  name: 'compute-quotas',
  help: 'Quotas of Nova by project: one call for each.',
  lists: [computeQuotaList],
  metrics: [
    quota('openstack_nova_quota_cores', 'Quota of CPUs.', 'in_use', ({ cores }: Compute) => cores),
    quota(
      'openstack_nova_quota_instances',
      'Quota of servers.',
      'in_use',
      ({ instances }: Compute) => instances,
    ),
    quota('openstack_nova_quota_ram', 'Quota of memory, in MiB.', 'in_use', ({ ram }: Compute) => ram),
    quota(
      'openstack_nova_quota_server_groups',
      'Quota of server groups.',
      'in_use',
      (found: Compute) => found.server_groups,
    ),
    figure(
      'openstack_nova_limits_vcpus_max',
      'CPUs that a project may have.',
      'limit',
      ({ cores }: Compute) => cores,
    ),
    figure(
      'openstack_nova_limits_vcpus_used',
      'CPUs that a project has.',
      'in_use',
      ({ cores }: Compute) => cores,
    ),
    figure(
      'openstack_nova_limits_memory_max',
      'MiB of memory that a project may have.',
      'limit',
      ({ ram }: Compute) => ram,
    ),
    figure(
      'openstack_nova_limits_memory_used',
      'MiB of memory that a project has.',
      'in_use',
      ({ ram }: Compute) => ram,
    ),
    figure(
      'openstack_nova_limits_instances_max',
      'Servers that a project may have.',
      'limit',
      ({ instances }: Compute) => instances,
    ),
    figure(
      'openstack_nova_limits_instances_used',
      'Servers that a project has.',
      'in_use',
      ({ instances }: Compute) => instances,
    ),
    unlimited<Compute>('groundcrew_nova_quota_unlimited', 'Nova', [
      'cores',
      'instances',
      'ram',
      'server_groups',
    ]),
  ],
});

type Volume = Readonly<
  Partial<Record<'volumes' | 'snapshots' | 'backups' | 'gigabytes' | 'backup_gigabytes', Usage | undefined>>
>;
const VOLUME_FIELDS = ['volumes', 'snapshots', 'backups', 'gigabytes', 'backup_gigabytes'] as const;

export const volumeQuotas = collector({
  name: 'volume-quotas',
  help: 'Quotas of Cinder by project: one call for each.',
  lists: [volumeQuotaList],
  metrics: [
    figure(
      'openstack_cinder_limits_volume_max_gb',
      'GiB of volumes that a project may have.',
      'limit',
      ({ gigabytes }: Volume) => gigabytes,
    ),
    figure(
      'openstack_cinder_limits_volume_used_gb',
      'GiB of volumes that a project has.',
      'in_use',
      ({ gigabytes }: Volume) => gigabytes,
    ),
    figure(
      'openstack_cinder_limits_backup_max_gb',
      'GiB of backups that a project may have.',
      'limit',
      (found: Volume) => found.backup_gigabytes,
    ),
    figure(
      'openstack_cinder_limits_backup_used_gb',
      'GiB of backups that a project has.',
      'in_use',
      (found: Volume) => found.backup_gigabytes,
    ),
    {
      metric: metric({
        name: 'openstack_cinder_volume_type_quota_gigabytes',
        help: 'GiB of volumes of a type that a project may have.',
        labels: [...TENANT, 'volume_type'],
        peer: {
          name: 'openstack_cinder_volume_type_quota_gigabytes',
          differs: 'Absent where there is no limit; there it is -1.',
        },
      }),
      by: 'each',
      draw: ({ of, found }) =>
        Object.keys(found)
          .filter((key) => key.startsWith(OF_TYPE))
          .flatMap((key): DrawnSample[] => {
            const limit = (extra(found, key) as Partial<Usage> | null)?.limit;
            return limit === UNLIMITED ? [] : [[limit, of.name, of.id, key.slice(OF_TYPE.length)]];
          }),
    },
    {
      metric: metric({
        name: 'groundcrew_cinder_quota',
        help: 'Quotas of Cinder that count things: the limit, what is in use and what is reserved.',
        labels: ['resource', 'type', ...TENANT],
      }),
      by: 'each',
      draw: ({ of, found }) =>
        (['volumes', 'snapshots', 'backups'] as const).flatMap((resource): DrawnSample[] => {
          const usage = found[resource];
          const labels = [of.name, of.id] as const;
          return [
            ...(usage?.limit === UNLIMITED ? [] : [[usage?.limit, resource, 'limit', ...labels] as const]),
            [usage?.in_use, resource, 'in_use', ...labels],
            [usage?.reserved, resource, 'reserved', ...labels],
          ];
        }),
    },
    unlimited<Volume>('groundcrew_cinder_quota_unlimited', 'Cinder', VOLUME_FIELDS),
  ],
});

const OF_TYPE = 'gigabytes_';

const NETWORK_FIELDS = [
  'network',
  'subnet',
  'subnetpool',
  'port',
  'router',
  'floatingip',
  'security_group',
  'security_group_rule',
  'rbac_policy',
] as const;
/** Those of Neutron's core. */
const ALWAYS: readonly string[] = ['network', 'subnet', 'port'];
type Network = Readonly<Partial<Record<(typeof NETWORK_FIELDS)[number], Usage | undefined>>>;

export const networkQuotas = collector({
  name: 'network-quotas',
  help: 'Quotas of Neutron by project: one call for each.',
  lists: [networkQuotaList],
  metrics: [
    ...NETWORK_FIELDS.map((field) =>
      quota(
        `openstack_neutron_quota_${field}`,
        `Neutron's quota of ${field.replaceAll('_', ' ')}.`,
        'used',
        (found: Network) => found[field],
        ALWAYS.includes(field),
      ),
    ),
    unlimited<Network>('groundcrew_neutron_quota_unlimited', 'Neutron', NETWORK_FIELDS),
  ],
});
