import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Metadata } from './metadata.ts';

const OfSnapshot = args({ snapshot_id: z.string() });
const ByKey = args({ snapshot_id: z.string(), id: z.string() });

/** Metadata of a snapshot, as a whole and by key. The `id` of an entry is its key. */
export const snapshotMetadata = resource({
  name: 'snapshotMetadata',
  operations: {
    /** Show all entries. */
    show: operation({
      verb: 'GET',
      path: 'snapshots/{snapshot_id}/metadata',
      receive: 'metadata',
      input: OfSnapshot,
      output: Metadata,
    }),
    /** Add or change entries, and leave the others. Answers all. */
    merge: operation({
      verb: 'POST',
      path: 'snapshots/{snapshot_id}/metadata',
      receive: 'metadata',
      idempotent: true,
      input: args({ snapshot_id: z.string(), metadata: Metadata }),
      output: Metadata,
    }),
    /** Put these in the place of all entries. */
    replace: operation({
      verb: 'PUT',
      path: 'snapshots/{snapshot_id}/metadata',
      receive: 'metadata',
      input: args({ snapshot_id: z.string(), metadata: Metadata }),
      output: Metadata,
    }),
    /** Show one entry, as a pair. */
    get: operation({
      verb: 'GET',
      path: 'snapshots/{snapshot_id}/metadata/{id}',
      receive: 'meta',
      input: ByKey,
      output: Metadata,
    }),
    /** Set one entry: `meta` is the pair, with the same key as `id`. */
    update: operation({
      verb: 'PUT',
      path: 'snapshots/{snapshot_id}/metadata/{id}',
      receive: 'meta',
      input: args({ snapshot_id: z.string(), id: z.string(), meta: Metadata }),
      output: Metadata,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'snapshots/{snapshot_id}/metadata/{id}',
      input: ByKey,
      status: 200,
    }),
  },
});
