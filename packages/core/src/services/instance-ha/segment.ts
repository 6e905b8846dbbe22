import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';

/** Hosts that are each other's refuge, and how servers get from one to another. */
export const Segment = answer({
  uuid: z.string(),
  /** Its number: a `marker`, and nothing else. */
  id: z.number(),
  name: z.string(),
  description: z.string().nullable(),
  /** `auto`, `reserved_host`, `auto_priority`, `rh_priority`. */
  recovery_method: z.string(),
  /** Free text; Masakari itself makes nothing of it. */
  service_type: z.string(),
  /** `false`: its notifications are ignored. Shown in every microversion, set from 1.2 on; older releases lack it. */
  enabled: z.boolean().optional(),
  created_at: Timestamp,
  updated_at: Timestamp.nullable(),
});
export type Segment = OutputAt<typeof Segment>;
