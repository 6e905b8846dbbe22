import { z } from 'zod';
import { answer, changes, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from '../../record/links.ts';
import { Metadata } from './metadata.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A use of a volume by a server or a host, as a volume lists it. */
const VolumeAttachment = tolerant({
  /** The volume's id, not the attachment's: see `attachment_id`. */
  id: z.string(),
  attachment_id: z.string(),
  volume_id: z.string(),
  /** The id of the server; null if a host attached it. */
  server_id: z.string().nullable(),
  /** Administrators and services only; null for others. */
  host_name: z.string().nullable().optional(),
  /** `/dev/vdb` */
  device: z.string().nullable(),
  attached_at: Timestamp.nullable().optional(),
});

/** The states that Cinder gives volumes; a newer one may have others. */
export const volumeStatuses = [
  'creating',
  'available',
  'reserved',
  'attaching',
  'in-use',
  'detaching',
  'maintenance',
  'deleting',
  'awaiting-transfer',
  'extending',
  'retyping',
  'downloading',
  'uploading',
  'backing-up',
  'restoring-backup',
  'reverting',
  'error',
  'error_deleting',
  'error_backing-up',
  'error_restoring',
  'error_extending',
] as const;

/** States of a volume. */
export const VolumeStatus = known(volumeStatuses);

/** A volume. */
export const Volume = answer({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  /**
   * `creating`, `available`, `reserved`, `attaching`, `in-use`, `detaching`, `maintenance`, `deleting`,
   * `awaiting-transfer`, `extending`, `retyping`, `downloading`, `uploading`, `backing-up`, `restoring-backup`,
   * `reverting`, `error`, `error_deleting`, `error_backing-up`, `error_restoring`, `error_extending`.
   */
  status: VolumeStatus,
  /** GiB */
  size: z.number(),
  availability_zone: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp.nullable().optional(),
  /** The type's name; its id is `volume_type_id`, from 3.63. */
  volume_type: z.string().nullable(),
  volume_type_id: since('3.63', z.string().optional()),
  snapshot_id: z.string().nullable(),
  source_volid: z.string().nullable(),
  /** For administrators, with the keys `attached_mode` and `readonly` that Cinder keeps. */
  metadata: Metadata,
  /** The metadata of the image it was made from; absent if from none. */
  volume_image_metadata: z.record(z.string(), z.string().nullable()).optional(),
  links: Links.optional(),
  user_id: z.string().nullable().optional(),
  /** Text: `true` or `false`. */
  bootable: known(['true', 'false']),
  /** Cinder answers a boolean; its documentation in places text. */
  encrypted: z.union([z.boolean(), z.stringbool()]).optional(),
  encryption_key_id: since('3.64', z.string().nullable().optional()),
  replication_status: z.string().nullable().optional(),
  consistencygroup_id: z.string().nullable().optional(),
  group_id: since('3.13', z.string().nullable().optional()),
  multiattach: z.boolean().optional(),
  attachments: z.array(VolumeAttachment),
  /** Administrators only. `migrating`, `error`, `success`, `completing`, `none`, `starting`. */
  migration_status: z.string().nullable().optional(),
  /** Administrators only: `host@backend#pool`. Null until scheduled. */
  'os-vol-host-attr:host': z.string().nullable().optional(),
  /** Administrators only. */
  'os-vol-mig-status-attr:migstat': z.string().nullable().optional(),
  /** Administrators only: the volume by which a migration names it in the backend. */
  'os-vol-mig-status-attr:name_id': z.string().nullable().optional(),
  /** The project. */
  'os-vol-tenant-attr:tenant_id': z.string().optional(),
  /** Administrators only: the backend's own id. */
  provider_id: since('3.21', z.string().nullable().optional()),
  /** Whether connections must be serialised by host. From 3.69 null where only iSCSI's are. */
  shared_targets: changes(['3.48', z.boolean().optional()], ['3.69', z.boolean().nullable().optional()]),
  service_uuid: since('3.48', z.string().nullable().optional()),
  /** Administrators only. */
  cluster_name: since('3.61', z.string().nullable().optional()),
  /** `false` of a temporary volume (of a backup, a migration). */
  consumes_quota: since('3.65', z.boolean().nullable().optional()),
});
export type Volume = OutputAt<typeof Volume>;

/** A volume in brief lists. */
export const VolumeSummary = tolerant({
  id: z.string(),
  name: z.string().nullable(),
  links: Links.optional(),
});
