import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

/** The images that one Glance node has in its cache, and those that it is about to fetch. */
export const Cache = answer({
  cached_images: z.array(
    tolerant({
      image_id: z.string(),
      hits: z.number(),
      /** Seconds since 1970, as the next one. */
      last_accessed: z.number(),
      last_modified: z.number(),
      /** Bytes. */
      size: z.number(),
    }),
  ),
  /** Ids. */
  queued_images: z.array(z.string()),
});
export type Cache = OutputAt<typeof Cache>;

const ById = args({ id: z.string() });

/**
 * The cache of the Glance node that answers: behind a load balancer it is a different one each time. The `id` is an
 * image's. Administrators only. From Yoga (Glance API 2.14) on; 404 where there is no cache.
 */
export const cache = resource({
  name: 'cache',
  operations: {
    show: operation({ verb: 'GET', path: 'cache', input: args({}), output: Cache }),
    /** Fetch an image into the cache. */
    queue: operation({ verb: 'PUT', path: 'cache/{id}', input: ById, status: 202 }),
    /** Remove an image from the cache, or from those to be fetched. */
    delete: operation({ verb: 'DELETE', path: 'cache/{id}', input: ById }),
    /** Empty the cache, what is to be fetched, or both. */
    clear: operation({
      verb: 'DELETE',
      path: 'cache',
      headers: { target: 'x-image-cache-clear-target' },
      input: args({
        /** @default both */
        target: z.enum(['cache', 'queue']).optional(),
      }),
    }),
    /** Remove what is broken or stalled. From 2026 on. */
    clean: operation({ verb: 'POST', path: 'cache/clean', input: args({}), idempotent: true }),
    /** Remove what exceeds the cache's size. From 2026 on. */
    prune: operation({
      verb: 'POST',
      path: 'cache/prune',
      input: args({}),
      idempotent: true,
      output: tolerant({ total_files_pruned: z.number(), total_bytes_pruned: z.number() }),
    }),
    /** URLs of the nodes that have an image. 409 unless the caches are kept in one database. From 2026 on. */
    listNodes: operation({
      verb: 'GET',
      path: 'cache/nodes/{id}',
      page: 'none',
      input: ById,
      output: z.string(),
    }),
  },
});
