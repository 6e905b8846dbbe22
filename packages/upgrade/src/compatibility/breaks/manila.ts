import type { BrokenOption, KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

const general = (...names: readonly string[]): BrokenOption[] =>
  names.map((name) => ({ section: 'DEFAULT', name }));
const ignored = { service: 'shared-file-system', outcome: 'is ignored', severity: 'medium' } as const;

/** Of Manila. */
export const manilaBreaks: readonly KnownBreak[] = [
  {
    ...ignored,
    id: 'manila.ip-version',
    in: 'rocky',
    signs: { options: [{ name: 'standalone_network_plugin_ip_version' }] },
    remedy: 'Set network_plugin_ipv4_enabled and network_plugin_ipv6_enabled.',
    source: note('manila', '7.0.0', 'remove-standalone-network-plugin-ip-version-440ebcf27ffd22f8'),
  },
  {
    ...ignored,
    id: 'manila.data-node-ip',
    in: 'train',
    signs: { options: general('data_node_access_ip') },
    remedy: 'Set data_node_access_ips.',
    source: note('manila', '9.0.0', 'bug-1745436-remove-data-node-access-ip-config-opt-709f330c57cdb0d5'),
  },
  {
    ...ignored,
    id: 'manila.lvm-export-ip',
    in: 'train',
    severity: 'high',
    signs: { options: [{ name: 'lvm_share_export_ip' }] },
    remedy: 'Set lvm_share_export_ips.',
    source: note('manila', '9.0.0', 'drop-support-for-lvm-share-export-ip-e031ef4c5f95b534'),
  },
  {
    ...ignored,
    id: 'manila.neutron-options',
    in: 'xena',
    signs: {
      options: general('nova_api_microversion', 'neutron_url', 'neutron_url_timeout', 'network_api_class'),
    },
    remedy: 'Set them in [nova] and [neutron], and in the sections of the backends.',
    source: note('manila', '13.0.0', 'remove-deprecated-options-and-auth-4d497e03ad47e872'),
  },
  {
    id: 'manila.vmax',
    service: 'shared-file-system',
    in: 'caracal',
    outcome: 'is no longer taken',
    severity: 'high',
    signs: { options: [{ name: 'emc_share_backend', values: ['vmax'] }] },
    remedy: 'Set emc_share_backend = powermax.',
    source: note('manila', '18.0.0', 'remove-vmax-a3d97ba80ced4895'),
  },
  {
    id: 'manila.v1',
    service: 'shared-file-system',
    in: 'gazpacho',
    outcome: 'is gone',
    severity: 'high',
    signs: { apiVersion: 'v1' },
    remedy: 'Move the clients to v2 with microversion 2.0, which is the same.',
    source: note('manila', '22.0.0', 'remove-v1-api-6a8966b696c6d403'),
  },
  {
    ...ignored,
    id: 'manila.cephfs-prefix',
    in: 'hibiscus',
    severity: 'low',
    signs: { options: [{ name: 'cephfs_volume_path_prefix' }] },
    remedy: 'Take it out: it has had no effect since Wallaby.',
    source: note('manila', 'd2887784 (in development)', 'remove-cephfs_volume_path_prefix-12a22a6a80cb5fc8'),
  },
];
