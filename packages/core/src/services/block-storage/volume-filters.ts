import { z } from 'zod';
import { args, since } from '../../record/shape.ts';
import { Paging } from './paging.ts';
import { VolumeStatus } from './volume.ts';

const Text = z.string().optional();
const Flag = z.boolean().optional();
const Pairs = z.record(z.string(), z.string()).optional();

/**
 * Filters of volume lists. Which of them others than administrators may use is the cloud's choice
 * (`resource_query_filters_file`; `resourceFilters.list` tells it): before 3.31 Cinder ignores the others
 * silently, from 3.31 on it answers 400.
 */
export const VolumeFilters = args({
  /** Volumes of all projects; ignored for others than administrators. */
  all_tenants: Flag,
  /** With `all_tenants`. Administrators only. */
  project_id: Text,
  user_id: Text,
  /** Compared exactly. */
  name: Text,
  /** A part of the name. */
  'name~': since('3.34', Text),
  status: VolumeStatus.optional(),
  /** Pairs that the metadata must contain. */
  metadata: Pairs,
  /** Pairs that the metadata of its image must contain. */
  glance_metadata: since('3.4', Pairs),
  bootable: Flag,
  /** In GiB. */
  size: z.number().int().optional(),
  availability_zone: Text,
  migration_status: Text,
  /** `host@backend#pool`. Administrators only. */
  host: Text,
  /** Administrators only. */
  volume_type_id: Text,
  snapshot_id: Text,
  source_volid: Text,
  group_id: since('3.10', Text),
  /** Comparisons, separated by commas: `gt:2026-01-01T00:00:00,lt:2026-02-01T00:00:00` (`gt gte eq neq lt lte`). */
  created_at: since('3.60', Text),
  /** As `created_at`. */
  updated_at: since('3.60', Text),
  consumes_quota: since('3.65', Flag),
  ...Paging,
});
