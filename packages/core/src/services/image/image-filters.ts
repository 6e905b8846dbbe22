import { z } from 'zod';
import { Limit, Marker, SortDirection } from './paging.ts';
import { known } from '../../record/tolerant.ts';

const Text = z.string().optional();
const Bytes = z.number().int().nonnegative().optional();

/** Attributes that Glance sorts by. */
const SortKey = known([
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
]);

/**
 * Filters of image lists. Text may be `in:one,two` for any of several; one with a comma in it is quoted.
 *
 * Without filters Glance leaves out hidden images, community images of others, and images whose membership the
 * project has not accepted.
 */
export const imageFilters = {
  /** Compared exactly. */
  name: Text,
  /** `in:…` */
  id: Text,
  status: Text,
  /** `all` shows community images of others as well. */
  visibility: z.enum(['public', 'private', 'shared', 'community', 'all']).optional(),
  /** Selects shared images by the project's answer. @default 'accepted' */
  member_status: z.enum(['accepted', 'pending', 'rejected', 'all']).optional(),
  /** Hidden images instead of those that are not. @default false */
  os_hidden: z.boolean().optional(),
  /** Id of a project. */
  owner: Text,
  protected: z.boolean().optional(),
  disk_format: Text,
  container_format: Text,
  /** Bytes, at least. */
  size_min: Bytes,
  /** Bytes, at most. */
  size_max: Bytes,
  /** GiB */
  min_disk: z.number().int().optional(),
  /** MiB */
  min_ram: z.number().int().optional(),
  checksum: Text,
  os_hash_algo: Text,
  os_hash_value: Text,
  /** The tags, all of which an image must have. */
  tag: z.union([z.string(), z.array(z.string())]).optional(),
  /** `gt:2026-01-01T00:00:00Z` (`gt gte eq neq lt lte`). */
  created_at: Text,
  /** As `created_at`. */
  updated_at: Text,
  /** Keys with their direction: `name:asc,size:desc`. @default 'created_at:desc' */
  sort: Text,
  /** The older form of `sort`; not beside it. */
  sort_key: z.union([SortKey, z.array(SortKey)]).optional(),
  sort_dir: z.union([SortDirection, z.array(z.enum(['asc', 'desc']))]),
  limit: Limit,
  marker: Marker,
} as const;
