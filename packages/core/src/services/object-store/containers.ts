import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Count, GivenMetadata, StoredMetadata } from './header-values.ts';
import { PAGE_SIZE, Paging } from './paging.ts';

/** A container, as it shows itself. Its counts may lag behind what was written. */
export const Container = answer({
  'X-Container-Object-Count': Count,
  'X-Container-Bytes-Used': Count,
  /** Who may read it besides the project: an access list. */
  'X-Container-Read': z.string().optional(),
  'X-Container-Write': z.string().optional(),
  'X-Storage-Policy': z.string().optional(),
  /** `True` if the store keeps older versions of its objects (swift/common/middleware/versioned_writes/object_versioning.py). */
  'X-Versions-Enabled': z.string().optional(),
  /** `Thu, 01 Jan 2026 00:00:00 GMT` */
  'Last-Modified': z.string().optional(),
  /** When it was made: seconds since 1970, with five decimals. */
  'X-Timestamp': z.string().optional(),
  /** `quota-bytes` and `quota-count`, which the project sets itself, are among it. */
  metadata: StoredMetadata,
});
export type Container = OutputAt<typeof Container>;

/** A container in a list. */
export const ListedContainer = answer({
  name: z.string(),
  /** Objects. */
  count: z.number(),
  bytes: z.number(),
  last_modified: Timestamp.optional(),
});
export type ListedContainer = OutputAt<typeof ListedContainer>;

const ByName = args({
  /** Without a slash, and of at most 256 bytes. */
  container: z.string(),
});

const Settings = {
  'X-Container-Read': z.string().optional(),
  'X-Container-Write': z.string().optional(),
  metadata: GivenMetadata,
} as const;

const headers = {
  'X-Container-Read': 'X-Container-Read',
  'X-Container-Write': 'X-Container-Write',
  metadata: 'X-Container-Meta-*',
} as const;

/** Containers of the project's account, by their names. */
export const containers = resource({
  name: 'containers',
  operations: {
    /** Iterate over containers, by name. */
    list: operation({
      verb: 'GET',
      path: '',
      page: 'name',
      pageSize: PAGE_SIZE,
      input: args(Paging),
      output: ListedContainer,
    }),
    /** Show its counts, settings and metadata. */
    get: operation({
      verb: 'HEAD',
      path: '{container}',
      status: 204,
      input: ByName,
      output: Container,
      outputHeaders: 'X-Container-Meta-',
    }),
    /** Make a container. One that is there already stays, and gets the settings and metadata that are given. */
    create: operation({
      verb: 'PUT',
      path: '{container}',
      status: 201,
      headers: { ...headers, 'X-Storage-Policy': 'X-Storage-Policy' },
      input: args({
        container: z.string(),
        ...Settings,
        /** The name of the policy by which objects are kept. It stays as it is. @default the cloud's own */
        'X-Storage-Policy': z.string().optional(),
      }),
    }),
    /** Add or change settings and metadata, and leave the others. */
    update: operation({
      verb: 'POST',
      path: '{container}',
      status: 204,
      idempotent: true,
      headers,
      input: args({ container: z.string(), ...Settings }),
    }),
    /** Delete an empty container; one with objects is a conflict (409). */
    delete: operation({ verb: 'DELETE', path: '{container}', input: ByName }),
  },
});
