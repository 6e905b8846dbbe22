import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** The location of an image's bytes in a store. */
export const ImageLocation = tolerant({
  /** `rbd://…`, `file://…`. May hold credentials of the store: do not log it. */
  url: z.string(),
  /** `store` names the store. */
  metadata: z.record(z.string(), z.unknown()),
});
export type ImageLocation = z.output<typeof ImageLocation>;

const Text = z.string().nullable().optional();

/**
 * An image. Glance puts the image's properties (`hw_disk_bus`, `os_distro`, …: always text) beside its fields; the
 * best known are named here, all others are there too.
 *
 * @see https://docs.openstack.org/glance/latest/admin/useful-image-properties.html
 */
export const Image = answer({
  id: z.string(),
  name: z.string().nullable(),
  /**
   * `queued` (no bytes yet), `saving`, `uploading`, `importing`, `active`, `deactivated`, `killed`,
   * `pending_delete`, `deleted`. An import that fails leads back to `queued`: see `os_glance_failed_import`.
   */
  status: known([
    'queued',
    'saving',
    'uploading',
    'importing',
    'active',
    'deactivated',
    'killed',
    'pending_delete',
    'deleted',
  ]),
  /** `public`, `private`, `shared` (with its members) or `community` (found only by those who look for it). */
  visibility: known(['public', 'private', 'shared', 'community']),
  /** Whether deleting is refused. */
  protected: z.boolean(),
  /** Whether lists leave it out unless asked. */
  os_hidden: z.boolean().optional(),
  /** Id of a project. */
  owner: z.string().nullable().optional(),
  /** Bytes; null before there are any. */
  size: z.number().nullable().optional(),
  /** Bytes of the disk in it. */
  virtual_size: z.number().nullable().optional(),
  /** `qcow2`, `raw`, `iso`, `vmdk`, … Null while queued without. */
  disk_format: Text,
  /** `bare`, `ovf`, `docker`, … */
  container_format: Text,
  /** GiB that a server's disk needs. */
  min_disk: z.number(),
  /** MiB */
  min_ram: z.number(),
  /** MD5. Not for security: use `os_hash_value`. */
  checksum: Text,
  /** `sha512`, unless the cloud has another. */
  os_hash_algo: Text,
  os_hash_value: Text,
  tags: z.array(z.string()),
  created_at: Timestamp,
  updated_at: Timestamp,
  self: z.string().optional(),
  file: z.string().optional(),
  schema: z.string().optional(),
  /** Only where the cloud shows it (`show_image_direct_url`). May hold credentials of the store. */
  direct_url: z.string().nullable().optional(),
  /** Only where the cloud shows them (`show_multiple_locations`). */
  locations: z.array(ImageLocation).nullable().optional(),
  /** Names of stores, separated by commas, where the cloud has several. */
  stores: Text,
  /** Names of stores, separated by commas, that an import is still copying to, and that it failed for. */
  os_glance_importing_to_stores: Text,
  os_glance_failed_import: Text,
  /** Id of the task that imports it. */
  os_glance_import_task: Text,
  architecture: Text,
  os_type: Text,
  os_distro: Text,
  os_version: Text,
  hw_disk_bus: Text,
  hw_scsi_model: Text,
  hw_vif_model: Text,
  hw_video_model: Text,
  hw_machine_type: Text,
  hw_firmware_type: Text,
  hw_qemu_guest_agent: Text,
  img_config_drive: Text,
  kernel_id: Text,
  ramdisk_id: Text,
});
export type Image = OutputAt<typeof Image>;
