import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, changes, since } from '../../record/shape.ts';
import { Metadata } from './metadata.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { Snapshot } from './snapshot.ts';
import { tolerant } from '../../record/tolerant.ts';

const OfBackend = args({
  /** `host@backend#pool`. From 3.17 on either this or `cluster`. */
  host: changes(['3.0', z.string()], ['3.17', z.string().optional()]),
  cluster: since('3.17', z.string().optional()),
  ...Paging,
});

/** Backend's name of a thing: `{ 'source-name': 'lvol0' }`. */
const Reference = z.record(z.string(), z.unknown());

const Brief = {
  reference: Reference,
  /** A reference to the volume it was taken of. */
  source_reference: Reference,
  /** GiB */
  size: z.number().nullable(),
  safe_to_manage: z.boolean(),
};

/** Snapshots that a backend has and Cinder does not know, or could know. Administrators only. */
export const manageableSnapshots = resource({
  name: 'manageableSnapshots',
  operations: {
    /** List what a backend has, with the reason why some of it cannot be managed. */
    list: operation({
      verb: 'GET',
      path: 'manageable_snapshots/detail',
      receive: 'manageable-snapshots',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.8',
      input: OfBackend,
      output: tolerant({
        ...Brief,
        reason_not_safe: z.string().nullable(),
        /** The id of the snapshot, if it is managed already. */
        cinder_id: z.string().nullable(),
        extra_info: z.unknown().optional(),
      }),
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'manageable_snapshots',
      receive: 'manageable-snapshots',
      page: 'offset',
      pageSize: PAGE_SIZE,
      since: '3.8',
      input: OfBackend,
      output: tolerant(Brief),
    }),
    /** Make a snapshot of what a backend has. Its volume must be managed. */
    manage: operation({
      verb: 'POST',
      path: 'manageable_snapshots',
      send: 'snapshot',
      receive: 'snapshot',
      since: '3.8',
      status: 202,
      input: args({
        volume_id: z.string(),
        ref: z.union([Reference, z.string()]).nullable(),
        name: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        metadata: Metadata.nullable().optional(),
      }),
      output: Snapshot,
    }),
  },
});
