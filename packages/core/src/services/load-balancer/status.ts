import { z } from 'zod';
import { Timestamp } from '../../record/timestamp.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** What Octavia does with a thing: only `ACTIVE` and `ERROR` last, and only in these can it be changed. */
const ProvisioningStatus = known([
  'ACTIVE',
  'DELETED',
  'ERROR',
  'PENDING_CREATE',
  'PENDING_UPDATE',
  'PENDING_DELETE',
]);

/**
 * What was last seen of a thing at work. `OFFLINE` is switched off, or not begun; `NO_MONITOR` a member whose health nobody
 * checks; `DEGRADED` has some part in `ERROR`.
 */
const OperatingStatus = known(['ONLINE', 'OFFLINE', 'DEGRADED', 'ERROR', 'DRAINING', 'NO_MONITOR']);

/** A reference to another thing: its id, and no more. */
export const References = z.array(tolerant({ id: z.string() }));

/** The fields that every thing of a project has. Octavia writes moments without a zone. */
export const Common = {
  id: z.string(),
  /** Empty of a thing that nobody named; older releases answer null. */
  name: z.string().nullable(),
  description: z.string().nullable().optional(),
  project_id: z.string().nullable().optional(),
  provisioning_status: ProvisioningStatus,
  operating_status: OperatingStatus,
  admin_state_up: z.boolean(),
  created_at: Timestamp.nullable().optional(),
  /** Null before the first change. */
  updated_at: Timestamp.nullable().optional(),
  /** From API 2.5 on. */
  tags: z.array(z.string()).nullable().optional(),
} as const;
