import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, changes, since } from '../../record/shape.ts';
import { Metadata } from './metadata.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { Volume } from './volume.ts';
import { tolerant } from '../../record/tolerant.ts';

const OfBackend = args({
  /** `host@backend#pool`. From 3.17 on either this or `cluster`. */
  host: changes(['3.0', z.string()], ['3.17', z.string().optional()]),
  cluster: since('3.17', z.string().optional()),
  ...Paging,
});

/** Backend's name of a thing: `{ 'source-name': 'lvol0' }`, `{ 'source-id': … }`. */
const Reference = z.record(z.string(), z.unknown());

const Brief = {
  reference: Reference,
  /** GiB */
  size: z.number().nullable(),
  safe_to_manage: z.boolean(),
};

/** Volumes on a backend that Cinder does not manage yet. Administrators only; not every driver can list. */
export const manageableVolumes = resource({
  name: 'manageableVolumes',
  operations: {
    /** List what a backend has, with the reason why some of it cannot be managed. */
    list: operation({
      verb: 'GET',
      path: 'manageable_volumes/detail',
      receive: 'manageable-volumes',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.8',
      input: OfBackend,
      output: tolerant({
        ...Brief,
        reason_not_safe: z.string().nullable(),
        /** The id of the volume, if it is managed already. */
        cinder_id: z.string().nullable(),
        extra_info: z.unknown().optional(),
      }),
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'manageable_volumes',
      receive: 'manageable-volumes',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.8',
      input: OfBackend,
      output: tolerant(Brief),
    }),
    /** Make a volume of what a backend has. It is `creating` until it is `available`, or `error`. */
    manage: operation({
      verb: 'POST',
      path: 'manageable_volumes',
      send: 'volume',
      receive: 'volume',
      since: '3.8',
      status: 202,
      input: args({
        /** `host@backend#pool`. From 3.16 on either this or `cluster`. */
        host: z.string().nullable().optional(),
        cluster: since('3.16', z.string().nullable().optional()),
        ref: z.union([Reference, z.string()]),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        /** Name or id. */
        volume_type: z.string().nullable().optional(),
        availability_zone: z.string().nullable().optional(),
        bootable: z.boolean().optional(),
        metadata: Metadata.nullable().optional(),
      }),
      output: Volume,
    }),
  },
});
