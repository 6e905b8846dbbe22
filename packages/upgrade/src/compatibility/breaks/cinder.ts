import type { KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

const ignored = { service: 'block-storage', outcome: 'is ignored', severity: 'medium' } as const;

/** The API and the general options of Cinder. */
export const cinderBreaks: readonly KnownBreak[] = [
  {
    ...ignored,
    id: 'cinder.lvm-over-subscription',
    in: 'rocky',
    signs: { options: [{ name: 'lvm_max_over_subscription_ratio' }] },
    remedy: 'Set max_over_subscription_ratio.',
    source: note('cinder', '13.0.0', 'remove-lvm-over-sub-3c8addbf47827045'),
  },
  {
    ...ignored,
    id: 'cinder.iscsi-target-options',
    in: 'stein',
    severity: 'high',
    signs: {
      options: ['iscsi_ip_address', 'iscsi_port', 'iscsi_target_prefix', 'iscsi_protocol'].map((name) => ({
        name,
      })),
    },
    remedy: 'Set target_ip_address, target_port, target_prefix and target_protocol.',
    source: note('cinder', '14.0.0', 'remove-iscsi-target-config-options-d23e424eb8f82042'),
  },
  {
    ...ignored,
    id: 'cinder.query-volume-filters',
    in: 'stein',
    signs: { options: [{ name: 'query_volume_filters' }] },
    remedy: 'Write the filters into the file of resource_query_filters_file.',
    source: note('cinder', '14.0.0', 'remove-query-volume-filters-b59958fc68d3abb4'),
  },
  {
    id: 'cinder.backup-modules',
    service: 'block-storage',
    in: 'stein',
    outcome: 'is no longer taken: it names a module, and not its class',
    severity: 'high',
    signs: {
      options: [
        {
          name: 'backup_driver',
          values: ['ceph', 'glusterfs', 'nfs', 'posix', 'swift', 'tsm'].map(
            (module) => `cinder.backup.drivers.${module}`,
          ),
        },
      ],
    },
    remedy: 'Name the class: cinder.backup.drivers.swift.SwiftBackupDriver.',
    source: note('cinder', '14.0.0', 'backup-path-removal-c411bb6c0d3887f1'),
  },
  {
    ...ignored,
    id: 'cinder.rbd-keyring',
    in: 'victoria',
    severity: 'low',
    signs: { options: [{ name: 'rbd_keyring_conf' }] },
    remedy: 'Take it out (OSSN-0085): the keyring is found through ceph.conf.',
    source: note('cinder', '17.0.0', 'remove-rbd_keyring_conf-2d54a4de634c255c'),
  },
  {
    id: 'cinder.nested-quota',
    service: 'block-storage',
    in: 'wallaby',
    outcome: 'is no longer there',
    severity: 'high',
    signs: { options: [{ name: 'quota_driver', values: ['cinder.quota.NestedDbQuotaDriver'] }] },
    remedy: 'Use cinder.quota.DbQuotaDriver.',
    source: note('cinder', '18.0.0', 'remove-nested-quota-driver-8b56f03694e3a694'),
  },
  {
    id: 'cinder.v2',
    service: 'block-storage',
    in: 'xena',
    outcome: 'is gone',
    severity: 'high',
    signs: { apiVersion: 'v2' },
    remedy: 'Move the clients to v3, `volumev3` of the catalogue, and take v2 out of it.',
    source: note('cinder', '19.0.0', 'remove-api-v2-dadd877ee5457f79'),
  },
  {
    ...ignored,
    id: 'cinder.version-switches',
    in: 'xena',
    severity: 'low',
    signs: { options: [{ name: 'enable_v2_api' }, { name: 'enable_v3_api' }] },
    remedy: 'Take them out, and v2 out of api-paste.ini.',
    source: note('cinder', '19.0.0', 'remove-api-v2-dadd877ee5457f79'),
  },
];
