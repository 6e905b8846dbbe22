import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { answer, args, changes, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Metadata } from './metadata.ts';
import { tolerant } from '../../record/tolerant.ts';

const ById = args({ id: z.string() });
const path = 'volumes/{id}/action';

/** Actions on volumes but for those of attaching (`POST volumes/{id}/action`, Cinder `cinder/api/contrib`). */
export const volumeActions = {
  /** Make it larger. A volume that is in use needs 3.42, and a backend and a hypervisor that can. */
  extend: operation({
    verb: 'POST',
    path,
    action: 'os-extend',
    status: 202,
    input: args({
      id: z.string(),
      /** GiB; larger than it is. */
      new_size: z.number().int().positive(),
    }),
  }),
  /** Nova says that it has done its part of extending. Services only. */
  completeExtend: operation({
    verb: 'POST',
    path,
    action: 'os-extend_volume_completion',
    since: '3.71',
    status: 202,
    input: args({ id: z.string(), error: z.boolean().default(false) }),
  }),
  /**
   * Write states into the database, and change nothing else. Administrators only.
   *
   * At least one state is needed. A wrong one loses data: it may free a volume that is still attached.
   */
  resetStatus: operation({
    verb: 'POST',
    path,
    action: 'os-reset_status',
    status: 202,
    input: args({
      id: z.string(),
      status: z.string().nullable().optional(),
      /** `attached`, `detached`, … */
      attach_status: z.string().nullable().optional(),
      /** `none` clears it. */
      migration_status: z.string().nullable().optional(),
    }),
  }),
  setBootable: operation({
    verb: 'POST',
    path,
    action: 'os-set_bootable',
    idempotent: true,
    input: args({ id: z.string(), bootable: z.boolean() }),
  }),
  setReadonly: operation({
    verb: 'POST',
    path,
    action: 'os-update_readonly_flag',
    status: 202,
    idempotent: true,
    input: args({ id: z.string(), readonly: z.boolean() }),
  }),
  /** Change its type, moving it to another backend if need be and allowed. */
  retype: operation({
    verb: 'POST',
    path,
    action: 'os-retype',
    status: 202,
    input: args({
      id: z.string(),
      /** Name or id. */
      new_type: z.string(),
      /** Whether it may move. @default 'never' */
      migration_policy: z.enum(['never', 'on-demand']).optional(),
    }),
  }),
  /** Move it to another backend. Administrators only. Follow `migration_status`: `status` may not change. */
  migrate: operation({
    verb: 'POST',
    path,
    action: 'os-migrate_volume',
    status: 202,
    input: args({
      id: z.string(),
      /** `host@backend#pool`. From 3.16 on either this or `cluster`. */
      host: changes(['3.0', z.string()], ['3.16', z.string().nullable().optional()]),
      cluster: since('3.16', z.string().nullable().optional()),
      /** Copy by host even if the backend could do it itself. @default false */
      force_host_copy: z.boolean().optional(),
      /** Refuse all else meanwhile, by the status `maintenance`. @default false */
      lock_volume: z.boolean().optional(),
    }),
  }),
  /** The second half of a migration that Nova copied. Services only. Answers the id that remains. */
  completeMigration: operation({
    verb: 'POST',
    path,
    action: 'os-migrate_volume_completion',
    receive: 'save_volume_id',
    input: args({ id: z.string(), new_volume: z.string(), error: z.boolean().optional() }),
    output: z.string(),
  }),
  /** Make an image of it. The answer names the image, which is then `queued`. */
  uploadImage: operation({
    verb: 'POST',
    path,
    action: 'os-volume_upload_image',
    receive: 'os-volume_upload_image',
    status: 202,
    input: args({
      id: z.string(),
      image_name: z.string().min(1),
      /** Even if it is in use; the cloud must allow it (`enable_force_upload`). @default false */
      force: z.boolean().optional(),
      /** @default 'raw' */
      disk_format: z.enum(['raw', 'vmdk', 'vdi', 'qcow2', 'vhd', 'vhdx', 'ploop']).optional(),
      /** @default 'bare' */
      container_format: z.string().nullable().optional(),
      /** @default 'private' */
      visibility: since('3.1', z.enum(['community', 'public', 'private', 'shared']).optional()),
      /** @default false */
      protected: since('3.1', z.boolean().optional()),
    }),
    output: answer({
      /** The id of the volume. */
      id: z.string(),
      image_id: z.string(),
      image_name: z.string().nullable().optional(),
      /** The status of the volume: `uploading`. */
      status: z.string(),
      container_format: z.string().nullable().optional(),
      disk_format: z.string().nullable().optional(),
      size: z.number().nullable().optional(),
      display_description: z.string().nullable().optional(),
      /** The type of the volume, as the next one. */
      volume_type: tolerant({ id: z.string(), name: z.string() }).nullable().optional(),
      updated_at: Timestamp.nullable().optional(),
      visibility: since('3.1', z.string().nullable().optional()),
      protected: since('3.1', z.boolean().nullable().optional()),
    }),
  }),
  /** Delete it whatever its state is. Administrators only. */
  forceDelete: operation({ verb: 'POST', path, action: 'os-force_delete', status: 202, input: ById }),
  /** Forget it without deleting its data; `manageableVolumes.manage` takes it back. */
  unmanage: operation({ verb: 'POST', path, action: 'os-unmanage', status: 202, input: ById }),
  /** Go back to its latest snapshot: no other, and only while both have the same size. */
  revert: operation({
    verb: 'POST',
    path,
    action: 'revert',
    since: '3.40',
    status: 202,
    input: args({ id: z.string(), snapshot_id: z.string() }),
  }),
  /** Write an image over it. All that is on it is lost. */
  reimage: operation({
    verb: 'POST',
    path,
    action: 'os-reimage',
    since: '3.68',
    status: 202,
    input: args({
      id: z.string(),
      image_id: z.string(),
      /** Even if it is `reserved`. @default false */
      reimage_reserved: z.boolean().optional(),
    }),
  }),
  /** Add or change metadata that its image had. */
  setImageMetadata: operation({
    verb: 'POST',
    path,
    action: 'os-set_image_metadata',
    receive: 'metadata',
    idempotent: true,
    input: args({ id: z.string(), metadata: Metadata }),
    output: Metadata,
  }),
  unsetImageMetadata: operation({
    verb: 'POST',
    path,
    action: 'os-unset_image_metadata',
    input: args({ id: z.string(), key: z.string().min(1) }),
  }),
  showImageMetadata: operation({
    verb: 'POST',
    path,
    action: 'os-show_image_metadata',
    receive: 'metadata',
    idempotent: true,
    input: ById,
    output: Metadata,
  }),
};
