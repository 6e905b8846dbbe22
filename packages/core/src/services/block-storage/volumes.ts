import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since } from '../../record/shape.ts';
import { Metadata } from './metadata.ts';
import { volumeActions } from './volume-actions.ts';
import { volumeAttachmentActions } from './volume-attachment-actions.ts';
import { VolumeFilters } from './volume-filters.ts';
import { Volume, VolumeSummary } from './volume.ts';
import { tolerant } from '../../record/tolerant.ts';

const ById = args({ id: z.string() });
const OneOrMore = z.union([z.string(), z.array(z.string())]);

/** Hints for the scheduler. A cloud's own filters may take further hints, which pass. */
const SchedulerHints = tolerant({
  /** Ids of volumes whose backend is to be avoided. */
  different_host: OneOrMore.optional(),
  /** Ids of volumes whose backend is wanted. */
  same_host: OneOrMore.optional(),
  /** Id of a server next to which the volume is to be. */
  local_to_instance: z.string().optional(),
  /** For the JsonFilter. */
  query: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
});

const NewVolume = args({
  /** GiB. May be left out only with a source, whose size is then taken. */
  size: z.number().int().positive().nullable().optional(),
  name: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  /** Name or id. @default the project's default type, or else the cloud's */
  volume_type: z.string().nullable().optional(),
  metadata: Metadata.nullable().optional(),
  availability_zone: z.string().nullable().optional(),
  snapshot_id: z.string().nullable().optional(),
  /** Id of a volume to copy. */
  source_volid: z.string().nullable().optional(),
  /** Id or name of an image. */
  imageRef: z.string().nullable().optional(),
  image_id: z.string().nullable().optional(),
  consistencygroup_id: z.string().nullable().optional(),
  /** Refused by Cinder since Train unless false: whether a volume is for many is a property of its type. */
  multiattach: z.boolean().nullable().optional(),
  group_id: since('3.13', z.string().nullable().optional()),
  backup_id: since('3.47', z.string().nullable().optional()),
  'OS-SCH-HNT:scheduler_hints': SchedulerHints.nullable().optional(),
});

/** Block devices that outlive servers. */
export const volumes = resource({
  name: 'volumes',
  settles: {
    field: 'status',
    // `error_managing` is shown as `error` (`cinder/api/v3/views/volumes.py`), unless a cloud is patched.
    failure: [
      'error',
      'error_deleting',
      'error_extending',
      'error_restoring',
      'error_backing-up',
      'error_managing',
    ],
  },
  findBy: 'name',
  operations: {
    /** Show one volume. */
    get: operation({ verb: 'GET', path: 'volumes/{id}', receive: 'volume', input: ById, output: Volume }),
    /**
     * Iterate over volumes, newest first.
     * @example
     * for await (const volume of cloud.blockStorage.volumes.list({ all_tenants: true, status: 'error' })) …
     */
    list: operation({
      verb: 'GET',
      path: 'volumes/detail',
      receive: 'volumes',
      page: 'links',
      input: VolumeFilters,
      output: Volume,
    }),
    /** Ids and names only. */
    listBrief: operation({
      verb: 'GET',
      path: 'volumes',
      receive: 'volumes',
      page: 'links',
      input: VolumeFilters,
      output: VolumeSummary,
    }),
    /** Number and size of volumes together; from 3.36 on with the metadata that they have. */
    summary: operation({
      verb: 'GET',
      path: 'volumes/summary',
      receive: 'volume-summary',
      since: '3.12',
      input: args({ all_tenants: z.boolean().optional() }),
      output: answer({
        total_count: z.number(),
        /** GiB */
        total_size: z.number(),
        /** Each key with all of its values. */
        metadata: since('3.36', z.record(z.string(), z.array(z.string()))),
      }),
    }),
    /**
     * Create a volume: empty, or from a snapshot, a volume, an image or a backup. It is `creating` until it is
     * `available`, or `error`.
     * @example
     * const { id } = await cloud.blockStorage.volumes.create({ size: 10, name: 'data' });
     * await cloud.blockStorage.volumes.waitFor(id, 'available');
     */
    create: operation({
      verb: 'POST',
      path: 'volumes',
      send: 'volume',
      beside: ['OS-SCH-HNT:scheduler_hints'],
      receive: 'volume',
      input: NewVolume,
      output: Volume,
      status: 202,
    }),
    /** Change name, description or metadata. Metadata given replaces all that was there. */
    update: operation({
      verb: 'PUT',
      path: 'volumes/{id}',
      send: 'volume',
      receive: 'volume',
      input: args({
        id: z.string(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        metadata: Metadata.optional(),
      }),
      output: Volume,
    }),
    /** Delete a volume. It must be detached and, unless `cascade`, have no snapshots. */
    delete: operation({
      verb: 'DELETE',
      path: 'volumes/{id}',
      input: args({
        id: z.string(),
        /** Its snapshots as well. @default false */
        cascade: z.boolean().optional(),
        /** Uploads the volume whatever its state is. Administrators only. @default false */
        force: since('3.23', z.boolean().optional()),
      }),
      status: 202,
    }),
    /** Show its encryption, for hosts that attach it. An unencrypted volume has no `encryption_key_id`. */
    getEncryption: operation({
      verb: 'GET',
      path: 'volumes/{id}/encryption',
      input: ById,
      output: answer({
        encryption_key_id: z.string().nullable().optional(),
        control_location: z.string().nullable().optional(),
        cipher: z.string().nullable().optional(),
        key_size: z.number().nullable().optional(),
        provider: z.string().nullable().optional(),
      }),
    }),
    ...volumeActions,
    ...volumeAttachmentActions,
  },
});
