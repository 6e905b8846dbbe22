import type { SeriesName } from '@groundcrew/ground/series';
import type { KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

const DRIVERS = 'cinder.volume.drivers.';

/** A driver that is gone with all its classes: below its Python path nothing is left. */
const driver = (
  id: string,
  series: SeriesName,
  path: string,
  source: string,
  remedy = 'Migrate its volumes to another backend before.',
): KnownBreak => ({
  id: `cinder.driver-${id}`,
  service: 'block-storage',
  in: series,
  outcome: 'is no longer there: its volumes can be reached no more',
  severity: 'critical',
  signs: { options: [{ name: 'volume_driver', values: [`${DRIVERS}${path}.*`] }] },
  remedy,
  source,
});

/** A driver that goes on under another Python path. */
const moved = (
  id: string,
  series: SeriesName,
  path: string,
  source: string,
  successor: string,
): KnownBreak => ({
  ...driver(id, series, path, source, `Name it by its new path: ${DRIVERS}${successor}.`),
  outcome: 'is no longer found under this name',
  severity: 'high',
});

/** Backends that Cinder drives no more. That the modules are gone was seen in the code at these tags. */
export const cinderDriverBreaks: readonly KnownBreak[] = [
  driver('coprhd', 'stein', 'coprhd', note('cinder', '14.0.0', 'coprhd-remove-the-driver-00ef2c41f4c7dccd')),
  driver('disco', 'stein', 'disco', note('cinder', '14.0.0', 'itri-disco-driver-removal-11e14fbf431ea876')),
  driver('hgst', 'stein', 'hgst', note('cinder', '14.0.0', 'remove-hgst-flash-driver-a930927de333329a')),
  driver('datacore', 'train', 'datacore', note('cinder', '15.0.0', 'remove-datacore-300c667e9f504590')),
  driver(
    'drbdmanage',
    'train',
    'drbdmanagedrv',
    note('cinder', '15.0.0', 'remove-drbdmanage-driver-4edd1e1e43b6ba39'),
    'Migrate its volumes before, to LINSTOR for one.',
  ),
  driver(
    'nexenta-edge',
    'train',
    'nexenta.nexentaedge',
    note('cinder', '15.0.0', 'nexenta-edge-driver-removal-5626d542d75f3d43'),
  ),
  driver('tintri', 'train', 'tintri', note('cinder', '15.0.0', 'tintri-driver-removal-91a0931c417481d2')),
  driver(
    'veritas',
    'train',
    'veritas',
    note('cinder', '15.0.0', 'remove_veritas_hyperscale_driver-988ad62d2417124f'),
  ),
  driver('dell-ps', 'ussuri', 'dell_emc.ps', note('cinder', '16.0.0', 'ps-removedriver-5ba447c50f2474e7')),
  driver(
    'lefthand',
    'ussuri',
    'hpe.hpe_lefthand_iscsi',
    note('cinder', '16.0.0', 'remove-hpe-lefthand-driver-57b03ca9ada2654c'),
  ),
  driver(
    'sheepdog',
    'ussuri',
    'sheepdog',
    note('cinder', '16.0.0', 'sheepdog-driver-removal-b63d12460e886c33'),
  ),
  moved(
    'windows-name',
    'stein',
    'windows.windows',
    note('cinder', '14.0.0', 'remove-windows-mapping-51a004f466470a2b'),
    'windows.iscsi.WindowsISCSIDriver',
  ),
  driver('windows', 'gazpacho', 'windows', note('cinder', '28.0.0', 'remove-windows-ad0d465a9cf54557')),
  driver(
    'flashsystem',
    'hibiscus',
    'ibm.flashsystem_fc',
    note(
      'cinder',
      'ab09bc3 (in development)',
      'ibm-svf-remove-unsupported-flashsystem-driver-a4287c8a4d3a41f6',
    ),
  ),
  driver(
    'flashsystem-iscsi',
    'hibiscus',
    'ibm.flashsystem_iscsi',
    note(
      'cinder',
      'ab09bc3 (in development)',
      'ibm-svf-remove-unsupported-flashsystem-driver-a4287c8a4d3a41f6',
    ),
  ),
  {
    ...driver(
      'backup-tsm',
      'wallaby',
      '',
      note('cinder', '18.0.0', 'delete-tsm-backup-driver-725e33f7c213fd50'),
    ),
    outcome: 'is no longer there: its backups can be read no more',
    signs: { options: [{ name: 'backup_driver', values: ['cinder.backup.drivers.tsm.*'] }] },
    remedy: 'Migrate the backups before.',
  },
  {
    ...driver('target-iet', 'antelope', '', note('cinder', '22.0.0', 'IET_iSCSI_target-dea5f68dc297510d')),
    outcome: 'is no longer there: volumes can be exported by it no more',
    signs: { options: [{ name: 'target_helper', values: ['ietadm'] }] },
    remedy: 'Use LIO or tgt.',
  },
];
