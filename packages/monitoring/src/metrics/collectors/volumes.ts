import { volumeStatuses } from '@groundcrew/core/block-storage';
import { collector } from '../collector.ts';
import {
  backups as backupList,
  snapshots as snapshotList,
  volumes as volumeList,
} from '../lists/block-storage.ts';
import { metric } from '../metric.ts';
import { bytesOfGib } from '../units.ts';

const OWNER = 'os-vol-tenant-attr:tenant_id';
const SNAPSHOT_OWNER = 'os-extended-snapshot-attributes:project_id';
const BACKUP_OWNER = 'os-backup-project-attr:project_id';

export const volumes = collector({
  name: 'volumes',
  help: 'Volumes by state, type and project, and their size.',
  lists: [volumeList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_cinder_volumes',
        help: 'Volumes of all projects, in whatever state.',
        peer: { name: 'openstack_cinder_volumes' },
      }),
      draw: () => [[1]],
    },
    {
      metric: metric({
        name: 'openstack_cinder_volume_status_counter',
        help: 'Volumes by status; 0 of a known status that none has.',
        labels: ['status'],
        peer: { name: 'openstack_cinder_volume_status_counter' },
      }),
      // Of a status that no volume has, a whole list says 0: what is not there now may be tomorrow, and an alert compares both.
      zeros: volumeStatuses.map((status) => [status]),
      draw: (volume) => [[1, volume.status]],
    },
    {
      metric: metric({
        name: 'groundcrew_cinder_volumes',
        help: 'Volumes by status, type and project.',
        labels: ['status', 'volume_type', 'project_id'],
      }),
      draw: (volume) => [[1, volume.status, volume.volume_type, volume[OWNER]]],
    },
    {
      metric: metric({
        name: 'groundcrew_cinder_volume_size_bytes',
        help: 'Bytes that volumes were made with, by type and project: what of it is written is not known to Cinder.',
        unit: 'bytes',
        labels: ['volume_type', 'project_id'],
      }),
      draw: (volume) => [[bytesOfGib(volume.size), volume.volume_type, volume[OWNER]]],
    },
    {
      metric: metric({
        name: 'openstack_cinder_volume_gb',
        help: 'GiB of a volume.',
        labels: [
          'id',
          'name',
          'status',
          'availability_zone',
          'bootable',
          'tenant_id',
          'user_id',
          'volume_type',
          'server_id',
        ],
        ids: ['id', 'name', 'server_id'],
        peer: { name: 'openstack_cinder_volume_gb', differs: 'Only where it is asked for.' },
      }),
      by: 'each',
      draw: (volume) => [
        [
          volume.size,
          volume.id,
          volume.name,
          volume.status,
          volume.availability_zone,
          volume.bootable,
          volume[OWNER],
          volume.user_id,
          volume.volume_type,
          volume.attachments[0]?.server_id ?? null,
        ],
      ],
    },
  ],
});

export const snapshots = collector({
  name: 'snapshots',
  help: 'Snapshots of volumes by state and project, and the size of what they are of.',
  lists: [snapshotList],
  metrics: [
    {
      metric: metric({
        name: 'openstack_cinder_snapshots',
        help: 'Snapshots of all projects, in whatever state.',
        peer: { name: 'openstack_cinder_snapshots' },
      }),
      draw: () => [[1]],
    },
    {
      metric: metric({
        name: 'groundcrew_cinder_snapshots',
        help: 'Snapshots by status and project.',
        labels: ['status', 'project_id'],
      }),
      draw: (snapshot) => [[1, snapshot.status, snapshot[SNAPSHOT_OWNER]]],
    },
    {
      metric: metric({
        name: 'groundcrew_cinder_snapshot_size_bytes',
        help: 'Bytes of the volumes when the snapshots were taken, by project: not what the snapshots take.',
        unit: 'bytes',
        labels: ['project_id'],
      }),
      draw: (snapshot) => [[bytesOfGib(snapshot.size), snapshot[SNAPSHOT_OWNER]]],
    },
  ],
});

export const backups = collector({
  name: 'backups',
  help: 'Backups of volumes by state and project, and the size of what they are of.',
  lists: [backupList],
  metrics: [
    {
      metric: metric({
        name: 'groundcrew_cinder_backups',
        help: 'Backups by status and project.',
        labels: ['status', 'project_id'],
      }),
      draw: (backup, { ownProject }) => [[1, backup.status, backup[BACKUP_OWNER] ?? ownProject]],
    },
    {
      metric: metric({
        name: 'groundcrew_cinder_backup_size_bytes',
        help: 'Bytes of the volumes when the backups were made, by project: not what the backups take.',
        unit: 'bytes',
        labels: ['project_id'],
      }),
      draw: (backup, { ownProject }) => [[bytesOfGib(backup.size), backup[BACKUP_OWNER] ?? ownProject]],
    },
  ],
});
