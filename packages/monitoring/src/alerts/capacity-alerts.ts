import type { Collector } from '../metrics/collector.ts';
import { ipAvailability } from '../metrics/collectors/ip-availability.ts';
import { placement } from '../metrics/collectors/placement.ts';
import { pools } from '../metrics/collectors/pools.ts';
import { computeQuotas, networkQuotas, volumeQuotas } from '../metrics/collectors/quotas.ts';
import { type Alert, label, PERCENT, type SeriesOf } from './alert.ts';

const QUOTA = 'OpenstackQuotaNearlyUsed';
const QUOTA_RUNBOOK =
  'Ask the project what it needs, and raise the quota if there is room for it; otherwise its next request is refused.';

/** A quota that has a metric for what is used, and one for the limit, which is absent where there is none. */
const pairQuota = (quota: string, collector: Collector, used: string, max: string): Alert => ({
  name: QUOTA,
  collector,
  expr: (series, { usedShare }) => `${series(used)}\n/ ${series(max)}\n> ${usedShare}`,
  ...quotaWords(quota),
});

/** Quotas that have what is used, what is reserved and the limit in one metric, by the label `type`. */
const typedQuota = (quota: string, collector: Collector, metric: string, used: string): Alert => ({
  name: QUOTA,
  collector,
  expr: (series, { usedShare }) => shareOfLimit(series, metric, used, usedShare),
  ...quotaWords(quota),
});

/** What is reserved counts, as the service counts it when the next request comes. */
const shareOfLimit = (series: SeriesOf, metric: string, used: string, usedShare: number): string =>
  `sum without (type) (${series(metric, ['type', '=~', `${used}|reserved`])})\n/ ignoring (type) ${series(metric, ['type', '=', 'limit'])}\n> ${usedShare}`;

const quotaWords = (quota: string, what = quota) =>
  ({
    for: '15m',
    severity: 'ticket',
    summary: `The project ${label('tenant')} has used ${PERCENT} of its quota of ${what}`,
    runbook: QUOTA_RUNBOOK,
    labels: { quota },
  }) as const;

const NETWORK_QUOTAS = ['network', 'subnet', 'port', 'router', 'floatingip', 'security_group'] as const;

const ADDRESSES_RUNBOOK =
  'Find ports that nobody uses any more, widen the allocation pools, or add a subnet: a server that gets no address is not built.';

/** What is nearly full, or is promised to more than can have it. */
export const capacityAlerts: readonly Alert[] = [
  {
    name: 'OpenstackPoolNearlyFull',
    collector: pools,
    expr: (series, { freeShare }) => `${series('groundcrew_cinder_pool_free_ratio')} < ${freeShare}`,
    for: '15m',
    severity: 'ticket',
    summary: `The pool ${label('name')} has ${PERCENT} left, without what is reserved`,
    runbook:
      'Add capacity or move volumes before the pool is full: volumes on a thin pool that is full lose writes.',
  },
  {
    name: 'OpenstackPoolPromisedAway',
    collector: pools,
    expr: (series, { freeShare }) => `${series('groundcrew_cinder_pool_promisable_ratio')} < ${freeShare}`,
    for: '15m',
    severity: 'ticket',
    summary: `The thin pool ${label('name')} has promised nearly all that it may: ${PERCENT} are left`,
    runbook:
      'The scheduler will soon place no volume there: add capacity, or raise max_over_subscription_ratio if the volumes stay as empty as they are.',
  },
  {
    name: 'OpenstackPoolTellsNothing',
    collector: pools,
    expr: (series) => `${series('groundcrew_cinder_pool_room_known')} == 0`,
    for: '15m',
    severity: 'ticket',
    summary: `How full the pool ${label('name')} is, its driver does not tell`,
    runbook:
      'Ask the storage itself, and have its driver report numbers: until then no alert can tell that the pool is full.',
  },
  {
    name: 'OpenstackAddressesNearlyUsed',
    collector: ipAvailability,
    expr: (series, { usedShare }) =>
      `${series('groundcrew_neutron_ips_used_of_subnets')}\n/ ${series('groundcrew_neutron_ips_total_of_subnets')}\n> ${usedShare}`,
    for: '15m',
    severity: 'ticket',
    summary: `The subnets of the project ${label('project_id')} have ${PERCENT} of their addresses of IP version ${label('ip_version')} in use`,
    runbook: ADDRESSES_RUNBOOK,
  },
  {
    name: 'OpenstackSubnetNearlyUsed',
    collector: ipAvailability,
    expr: (series, { usedShare }) =>
      `${series('openstack_neutron_network_ip_availabilities_used')}\n/ ${series('openstack_neutron_network_ip_availabilities_total')}\n> ${usedShare}`,
    for: '15m',
    severity: 'ticket',
    summary: `The subnet ${label('subnet_name')} (${label('cidr')}) has ${PERCENT} of its addresses in use`,
    runbook: ADDRESSES_RUNBOOK,
  },
  {
    name: 'OpenstackResourcesNearlyUsed',
    collector: placement,
    expr: (series, { usedShare }) =>
      `${series('groundcrew_placement_used')}\n/ ${series('groundcrew_placement_capacity')}\n> ${usedShare}`,
    for: '15m',
    severity: 'ticket',
    summary: `${PERCENT} of ${label('resource_class')} are allocated, of all resource providers together`,
    runbook:
      'Add hosts or free what nobody uses. A large server may find no host long before all of it is allocated.',
  },
  pairQuota('CPUs', computeQuotas, 'openstack_nova_limits_vcpus_used', 'openstack_nova_limits_vcpus_max'),
  pairQuota('memory', computeQuotas, 'openstack_nova_limits_memory_used', 'openstack_nova_limits_memory_max'),
  pairQuota(
    'servers',
    computeQuotas,
    'openstack_nova_limits_instances_used',
    'openstack_nova_limits_instances_max',
  ),
  pairQuota(
    'volume storage',
    volumeQuotas,
    'openstack_cinder_limits_volume_used_gb',
    'openstack_cinder_limits_volume_max_gb',
  ),
  pairQuota(
    'backup storage',
    volumeQuotas,
    'openstack_cinder_limits_backup_used_gb',
    'openstack_cinder_limits_backup_max_gb',
  ),
  {
    ...typedQuota('volumes, snapshots or backups', volumeQuotas, 'groundcrew_cinder_quota', 'in_use'),
    summary: quotaWords('', label('resource')).summary,
  },
  ...NETWORK_QUOTAS.map((resource) =>
    typedQuota(resource, networkQuotas, `openstack_neutron_quota_${resource}`, 'used'),
  ),
];
