import type { BrokenOption, KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

const all = (section: string, ...names: readonly string[]): BrokenOption[] =>
  names.map((name) => ({ section, name }));
const ignored = { service: 'compute', outcome: 'is ignored', severity: 'medium' } as const;
const filters = (...values: readonly string[]): BrokenOption[] => [
  { section: 'filter_scheduler', name: 'enabled_filters', values },
];

/** Options, filters and drivers of Nova's scheduler. */
export const novaSchedulerBreaks: readonly KnownBreak[] = [
  {
    ...ignored,
    id: 'nova.baremetal-filters',
    in: 'rocky',
    signs: { options: all('filter_scheduler', 'use_baremetal_filters', 'baremetal_enabled_filters') },
    remedy: 'Schedule bare metal by resource classes.',
    source: note('nova', '18.0.0', 'remove-baremetal-filters-52db06d597645d00'),
  },
  {
    id: 'nova.exact-filters',
    service: 'compute',
    in: 'rocky',
    outcome: 'is no longer there',
    severity: 'high',
    signs: { options: filters('ExactCoreFilter', 'ExactDiskFilter', 'ExactRamFilter') },
    remedy: 'Take them out of the filters; schedule bare metal by resource classes.',
    source: note('nova', '18.0.0', 'remove_exact_filters-2fd96171b93d7413'),
  },
  {
    id: 'nova.old-schedulers',
    service: 'compute',
    in: 'stein',
    outcome: 'is no longer there',
    severity: 'high',
    signs: { options: [{ section: 'scheduler', name: 'driver', values: ['caching_scheduler'] }] },
    remedy: 'Use the filter scheduler, after `nova-manage placement heal_allocations`.',
    source: note('nova', '19.0.0', 'remove-caching-scheduler-cfe0985b5a58bef4'),
  },
  {
    id: 'nova.chance-scheduler',
    service: 'compute',
    in: 'stein',
    outcome: 'is no longer there',
    severity: 'high',
    signs: { options: [{ section: 'scheduler', name: 'driver', values: ['chance_scheduler'] }] },
    remedy: 'Use the filter scheduler with AllHostsFilter alone.',
    source: note('nova', '19.0.0', 'remove_ChanceScheduler-0f4861f788adcfc7'),
  },
  {
    id: 'nova.capacity-filters',
    service: 'compute',
    in: 'train',
    outcome: 'is no longer there',
    severity: 'high',
    signs: { options: filters('CoreFilter', 'DiskFilter', 'RamFilter') },
    remedy: 'Take them out of the filters: Placement does it.',
    source: note('nova', '20.0.0', 'remove-core-ram-disk-filters-9510cbe5b4e295b6'),
  },
  {
    id: 'nova.retry-filters',
    service: 'compute',
    in: 'victoria',
    outcome: 'is no longer there',
    severity: 'high',
    signs: { options: filters('RetryFilter', 'AggregateRamFilter', 'AggregateDiskFilter') },
    remedy: 'Take them out of the filters.',
    source: note('nova', '22.0.0', 'remove-retry-and-aggregate-filters-f872a85d0b815982'),
  },
  {
    ...ignored,
    id: 'nova.scheduler-driver',
    in: 'wallaby',
    signs: { options: all('scheduler', 'scheduler_driver', 'driver', 'periodic_task_interval') },
    remedy: 'Take them out: there is one scheduler.',
    source: note('nova', '23.0.0', 'remove-customer-filters-95ab8c7a3aff058d'),
  },
  {
    ...ignored,
    id: 'nova.scheduler-aliases',
    in: 'xena',
    signs: {
      options: all(
        'DEFAULT',
        'scheduler_max_attempts',
        'scheduler_host_subset_size',
        'max_io_ops_per_host',
        'max_instances_per_host',
        'scheduler_tracks_instance_changes',
        'scheduler_available_filters',
      ),
    },
    remedy: 'Set them under their new names, which the release note lists.',
    source: note('nova', '24.0.0', 'remove-deprecated-scheduler-opts-37afb63a94e8b47e'),
  },
  {
    id: 'nova.az-filter',
    service: 'compute',
    in: 'bobcat',
    outcome: 'is no longer there',
    severity: 'high',
    signs: {
      options: [
        ...filters('AvailabilityZoneFilter'),
        ...all('scheduler', 'query_placement_for_availability_zone'),
      ],
    },
    remedy: 'Take it out: Placement keeps availability zones.',
    source: note('nova', '28.0.0', 'az-filter-removal-587f7337040b6216'),
  },
];
