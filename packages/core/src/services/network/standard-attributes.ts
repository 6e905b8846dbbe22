import { z } from 'zod';
import { Timestamp } from '../../record/timestamp.ts';

/**
 * The fields that Neutron keeps for every resource with standard attributes (neutron-lib, `neutron_lib/db/standard_attr.py`).
 * Each comes from an extension of its own, and a plug-in that is not ML2 may lack it.
 */
export const StandardAttributes = {
  description: z.string().nullable().optional(),
  created_at: Timestamp.nullable().optional(),
  updated_at: Timestamp.nullable().optional(),
  /** Counts changes: what `if_match` compares. */
  revision_number: z.number().optional(),
} as const;

/** Standard attributes of a resource that can be tagged. */
export const TaggedAttributes = {
  ...StandardAttributes,
  tags: z.array(z.string()).optional(),
} as const;

/** To whom it belongs. */
export const Owner = {
  /** Empty for what Neutron itself made (networks between HA routers). */
  project_id: z.string().nullable().optional(),
  /** The older name of `project_id`, with the same value. */
  tenant_id: z.string().nullable().optional(),
} as const;

/** For whom to create it. */
export const ForProject = {
  /** Another project than one's own. Administrators only. */
  project_id: z.string().optional(),
  /** The older name of `project_id`. */
  tenant_id: z.string().optional(),
} as const;
