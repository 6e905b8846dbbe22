import { z } from 'zod';
import { answer, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Metadata } from './metadata.ts';
import { known } from '../../record/tolerant.ts';

/** A snapshot of a volume. */
export const Snapshot = answer({
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  /** The volume it was taken of. */
  volume_id: z.string(),
  /** `creating`, `available`, `backing-up`, `restoring`, `unmanaging`, `deleting`, `error`, `error_deleting`. */
  status: known([
    'creating',
    'available',
    'backing-up',
    'restoring',
    'unmanaging',
    'updating',
    'deleting',
    'error',
    'error_deleting',
  ]),
  /** GiB of the volume then. */
  size: z.number(),
  metadata: Metadata,
  created_at: Timestamp.nullable(),
  updated_at: Timestamp.nullable().optional(),
  'os-extended-snapshot-attributes:project_id': z.string().optional(),
  /** `100%` */
  'os-extended-snapshot-attributes:progress': z.string().nullable().optional(),
  group_snapshot_id: since('3.14', z.string().nullable().optional()),
  user_id: since('3.41', z.string().nullable().optional()),
  /** `false` of a temporary snapshot. */
  consumes_quota: since('3.65', z.boolean().nullable().optional()),
});
export type Snapshot = OutputAt<typeof Snapshot>;
