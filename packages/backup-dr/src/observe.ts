import type {
  InventoryBackup,
  InventoryImage,
  InventoryServer,
  InventorySnapshot,
  InventoryVolume,
} from '@groundcrew/monitoring';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Cloud, type Listed, observeList, type Observed } from '@groundcrew/core';
import { inventoryOf, type InventoryReading, inventoryReading } from './inventory-reading.ts';

/** A volume, as far as it matters what it can be restored from. */
export type SourceVolume = Pick<InventoryVolume, 'id' | 'name' | 'status' | 'size'>;
/** A backup of a volume. */
export type VolumeBackup = Pick<
  InventoryBackup,
  | 'id'
  | 'volume_id'
  | 'status'
  | 'fail_reason'
  | 'is_incremental'
  | 'has_dependent_backups'
  | 'snapshot_id'
  | 'data_timestamp'
  | 'created_at'
>;
export type VolumeSnapshot = Pick<InventorySnapshot, 'id' | 'volume_id' | 'status'>;
export type SourceServer = Pick<
  InventoryServer,
  'id' | 'name' | 'status' | 'image' | 'flavor' | 'os-extended-volumes:volumes_attached'
>;
/** An image. Nova writes `instance_uuid` and `image_type` on what it makes of a server (`nova/compute/utils.py`). */
export type ServerImage = Pick<InventoryImage, 'id' | 'name' | 'status' | 'size' | 'created_at'> & {
  readonly instance_uuid?: unknown;
  readonly image_type?: unknown;
};
export type ServerFlavor = Pick<Listed<'compute', 'flavors'>, 'id' | 'OS-FLV-EXT-DATA:ephemeral'>;
/** A daemon that makes and restores backups. */
export type BackupService = Pick<Listed<'blockStorage', 'services'>, 'binary' | 'host' | 'status' | 'state'>;

/** The volumes and servers of a cloud, and their copies. */
export interface BackupSnapshot {
  readonly volumes: Observed<readonly SourceVolume[]>;
  readonly backups: Observed<readonly VolumeBackup[]>;
  readonly snapshots: Observed<readonly VolumeSnapshot[]>;
  readonly servers: Observed<readonly SourceServer[]>;
  readonly images: Observed<readonly ServerImage[]>;
  readonly flavors: Observed<readonly ServerFlavor[]>;
  readonly services: Observed<readonly BackupService[]>;
}

export interface ObserveBackupOptions extends InventoryReading {}

const observeOptions = optionsSchema<ObserveBackupOptions>(inventoryReading);

/** Reads what there is to lose, and the copies of it. What is denied becomes a gap. */
export async function observe(cloud: Cloud, options: ObserveBackupOptions = {}): Promise<BackupSnapshot> {
  parseArguments('backup-dr.observe', observeOptions, options);
  const read = { signal: options.signal };
  const clock = { now: () => cloud.clock.now() };
  const [known, flavors, services] = await Promise.all([
    inventoryOf(cloud, options),
    // Of a user who is no administrator Nova ignores `None` and shows the flavors that this user may use.
    observeList('flavors', cloud.compute.flavors.list({ is_public: 'None' }, read), clock),
    observeList(
      'block storage services',
      cloud.blockStorage.services.list({ binary: 'cinder-backup' }, read),
      clock,
    ),
  ]);
  const { volumes, backups, snapshots, servers, images } = known;
  return { volumes, backups, snapshots, servers, images, flavors, services };
}
