import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from '../../record/links.ts';
import { Metadata } from './metadata.ts';
import { Paging } from './paging.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A copy of a volume outside its backend: in Swift, S3, NFS, Ceph, … */
export const Backup = answer({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  /** `creating`, `available`, `restoring`, `deleting`, `error`, `error_deleting`. */
  status: known(['creating', 'available', 'restoring', 'deleting', 'error', 'error_deleting']),
  /** The reason why it is in `error`. */
  fail_reason: z.string().nullable(),
  /** The volume it was made of, which may be gone. */
  volume_id: z.string(),
  snapshot_id: z.string().nullable().optional(),
  /** GiB of the volume, not of the backup. */
  size: z.number(),
  object_count: z.number().nullable(),
  container: z.string().nullable(),
  availability_zone: z.string().nullable(),
  is_incremental: z.boolean(),
  /** It cannot be deleted before those that build on it. */
  has_dependent_backups: z.boolean(),
  /** The time from which the data in the backup is: earlier than `created_at` if made of a snapshot. */
  data_timestamp: Timestamp.nullable().optional(),
  created_at: Timestamp,
  updated_at: Timestamp.nullable().optional(),
  links: Links.optional(),
  'os-backup-project-attr:project_id': since('3.18', z.string().optional()),
  metadata: since('3.43', Metadata.nullable().optional()),
  user_id: since('3.56', z.string().nullable().optional()),
  encryption_key_id: since('3.64', z.string().nullable().optional()),
});
export type Backup = OutputAt<typeof Backup>;

/** A backup in brief lists and in answers of creating. */
const BackupSummary = tolerant({
  id: z.string(),
  name: z.string().nullable(),
  links: Links.optional(),
});

/** The data by which a backup is recognised after Cinder's database is lost, or in another cloud. */
const BackupRecord = tolerant({
  /** The driver, `cinder.backup.drivers.swift.SwiftBackupDriver`. */
  backup_service: z.string(),
  /** The facts, in Base64. Keep it as it is. */
  backup_url: z.string(),
});

const ById = args({ id: z.string() });

const BackupFilters = args({
  /** Backups of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  /** With `all_tenants`. Administrators only. */
  project_id: z.string().optional(),
  name: z.string().optional(),
  'name~': since('3.34', z.string().optional()),
  status: z.string().optional(),
  volume_id: z.string().optional(),
  ...Paging,
});

/** Backups of volumes. */
export const backups = resource({
  name: 'backups',
  settles: { field: 'status', failure: ['error', 'error_deleting'] },
  findBy: 'name',
  operations: {
    /** Show one backup. */
    get: operation({ verb: 'GET', path: 'backups/{id}', receive: 'backup', input: ById, output: Backup }),
    /** Iterate over backups, newest first. */
    list: operation({
      verb: 'GET',
      path: 'backups/detail',
      receive: 'backups',
      page: 'links',
      input: BackupFilters,
      output: Backup,
    }),
    /** Ids and names only. */
    listBrief: operation({
      verb: 'GET',
      path: 'backups',
      receive: 'backups',
      page: 'links',
      input: BackupFilters,
      output: BackupSummary,
    }),
    /**
     * Back a volume up. It is `creating` until it is `available`, or `error` with a `fail_reason`.
     *
     * The volume is `backing-up` meanwhile.
     */
    create: operation({
      verb: 'POST',
      path: 'backups',
      send: 'backup',
      receive: 'backup',
      status: 202,
      input: args({
        volume_id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        /** @default the driver's own */
        container: z.string().nullable().optional(),
        /** Only what changed since the last one, of which one must be `available`. @default false */
        incremental: z.boolean().optional(),
        /** Even if the volume is in use. @default false */
        force: z.boolean().optional(),
        /** The snapshot of the volume to back up. */
        snapshot_id: z.string().nullable().optional(),
        metadata: since('3.43', Metadata.nullable().optional()),
        /** The zone of the backup service that makes it. */
        availability_zone: since('3.51', z.string().nullable().optional()),
      }),
      output: BackupSummary,
    }),
    /** Change name, description or, from 3.43, metadata. */
    update: operation({
      verb: 'PUT',
      path: 'backups/{id}',
      send: 'backup',
      receive: 'backup',
      since: '3.9',
      input: args({
        id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        metadata: since('3.43', Metadata.optional()),
      }),
      output: BackupSummary,
    }),
    /** Delete a backup on which no other builds. */
    delete: operation({ verb: 'DELETE', path: 'backups/{id}', input: ById, status: 202 }),
    /**
     * Write a backup over a volume, or into a new one. The backup is `restoring` until it is `available` again;
     * the volume then is `available`, or `error_restoring`.
     */
    restore: operation({
      verb: 'POST',
      path: 'backups/{id}/restore',
      send: 'restore',
      receive: 'restore',
      status: 202,
      input: args({
        id: z.string(),
        /** The volume to be written over, at least as large. @default a new one */
        volume_id: z.string().nullable().optional(),
        /** The name of the new volume. */
        name: z.string().nullable().optional(),
      }),
      output: tolerant({
        backup_id: z.string(),
        volume_id: z.string(),
        volume_name: z.string().nullable(),
      }),
    }),
    /** Write a state into the database. Administrators only. */
    resetStatus: operation({
      verb: 'POST',
      path: 'backups/{id}/action',
      action: 'os-reset_status',
      status: 202,
      input: args({ id: z.string(), status: z.string() }),
    }),
    /** Delete it whatever its state is. Administrators only. */
    forceDelete: operation({
      verb: 'POST',
      path: 'backups/{id}/action',
      action: 'os-force_delete',
      status: 202,
      input: ById,
    }),
    /** Export the record of a backup, to be kept elsewhere against the loss of Cinder's database. Administrators only. */
    exportRecord: operation({
      verb: 'GET',
      path: 'backups/{id}/export_record',
      receive: 'backup-record',
      input: ById,
      output: BackupRecord,
    }),
    /** Make a backup known by what `exportRecord` gave. Administrators only. */
    importRecord: operation({
      verb: 'POST',
      path: 'backups/import_record',
      send: 'backup-record',
      receive: 'backup',
      status: 201,
      input: args({ backup_service: z.string(), backup_url: z.string().min(1) }),
      output: BackupSummary,
    }),
  },
});
