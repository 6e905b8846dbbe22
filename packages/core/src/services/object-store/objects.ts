import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { tolerant } from '../../record/tolerant.ts';
import { Count, GivenMetadata, StoredMetadata } from './header-values.ts';
import { PAGE_SIZE, Paging } from './paging.ts';

/** An object, as it shows itself. */
export const StoredObject = answer({
  /** Bytes. */
  'Content-Length': Count,
  'Content-Type': z.string().optional(),
  'Content-Encoding': z.string().optional(),
  'Content-Disposition': z.string().optional(),
  /** The MD5 of its bytes in hexadecimal digits; of a large object in parts something else, and in quotes. */
  Etag: z.string(),
  /** `Thu, 01 Jan 2026 00:00:01 GMT`: the second after it was written, or in which it was. */
  'Last-Modified': z.string().optional(),
  /** When it was written: seconds since 1970, with five decimals. */
  'X-Timestamp': z.string().optional(),
  /** When it is deleted: seconds since 1970. */
  'X-Delete-At': Count.optional(),
  /** `True` of a large object in parts whose list it is. */
  'X-Static-Large-Object': z.string().optional(),
  /** Of a large object in parts: container and prefix of them. */
  'X-Object-Manifest': z.string().optional(),
  metadata: StoredMetadata,
});
export type StoredObject = OutputAt<typeof StoredObject>;

const listed = {
  name: z.string(),
  bytes: z.number(),
  /** The MD5, as `Etag`. */
  hash: z.string(),
  content_type: z.string().optional(),
  last_modified: Timestamp.optional(),
} as const;

/** An object in a list. */
export const ListedObject = answer(listed);
export type ListedObject = OutputAt<typeof ListedObject>;

const ByName = args({
  container: z.string(),
  /** With or without slashes, and of at most 1024 bytes. No URL can name `.` or `..`. */
  object: z.string(),
});

const Settings = {
  'Content-Type': z.string().optional(),
  'Content-Encoding': z.string().optional(),
  'Content-Disposition': z.string().optional(),
  /** When it shall be deleted: seconds since 1970. */
  'X-Delete-At': z.number().int().positive().optional(),
} as const;

/** Objects of a container, by their names. Their bytes are streamed by `cloud.objectStore.data`. */
export const objects = resource({
  name: 'objects',
  operations: {
    /**
     * Iterate over objects, by name. The list may lag behind what was written.
     * @example
     * for await (const { name, bytes } of cloud.objectStore.objects.list({ container: 'backups', prefix: '2026-' })) …
     */
    list: operation({
      verb: 'GET',
      path: '{container}',
      page: 'name',
      pageSize: PAGE_SIZE,
      input: args({ container: z.string(), ...Paging }),
      output: ListedObject,
    }),
    /**
     * As `list`, but of names that have the delimiter behind the prefix only what comes before it, once, as `subdir`: what a
     * folder has in it.
     */
    listLevel: operation({
      verb: 'GET',
      path: '{container}',
      page: 'name',
      pageSize: PAGE_SIZE,
      input: args({ container: z.string(), delimiter: z.string().min(1), ...Paging }),
      output: z.union([tolerant({ subdir: z.string() }), tolerant(listed)]),
    }),
    /** Show its size, hash and metadata. */
    get: operation({
      verb: 'HEAD',
      path: '{container}/{object}',
      input: ByName,
      output: StoredObject,
      outputHeaders: 'X-Object-Meta-',
    }),
    /** Replace all of its metadata, and what else is given here. Its bytes stay. */
    update: operation({
      verb: 'POST',
      path: '{container}/{object}',
      status: 202,
      idempotent: true,
      headers: {
        'Content-Type': 'Content-Type',
        'Content-Encoding': 'Content-Encoding',
        'Content-Disposition': 'Content-Disposition',
        'X-Delete-At': 'X-Delete-At',
        metadata: 'X-Object-Meta-*',
      },
      input: args({ container: z.string(), object: z.string(), ...Settings, metadata: GivenMetadata }),
    }),
    /** Delete it: there is no way back. Parts of a large object stay. */
    delete: operation({ verb: 'DELETE', path: '{container}/{object}', input: ByName }),
  },
});
