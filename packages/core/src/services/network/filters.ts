import { z } from 'zod';

/**
 * A filter by text. Neutron compares for equality; of several values any may match
 * (`neutron/api/api_common.py`, `get_filters`).
 */
export const Text = z.union([z.string(), z.array(z.string())]).optional();

/** A filter by a number; of several any may match. */
export const Count = z.union([z.number(), z.array(z.number())]).optional();

/** A flag. Neutron takes it as text, too (`convert_to_boolean` of neutron-lib). */
export const Flag = z.union([z.boolean(), z.enum(['true', 'false', 'True', 'False'])]).optional();

/** A whole number. Neutron takes it as text, too (`convert_to_int` of neutron-lib). */
export const Whole = z.union([z.number().int(), z.string().regex(/^-?\d+$/, 'expected a whole number')]);

/** Filters by tag. Several tags are an array, or text with commas. */
export const TagFilters = {
  /** Has all of these tags. */
  tags: Text,
  /** Has at least one of these tags. */
  'tags-any': Text,
  /** Lacks at least one of these tags. */
  'not-tags': Text,
  /** Has none of these tags. */
  'not-tags-any': Text,
} as const;

/** Filters by what every main resource has. */
export const StandardFilters = {
  id: Text,
  /** The project. Administrators see all projects unless they name one. */
  project_id: Text,
  description: Text,
  revision_number: Count,
  /** Changed at or after this moment (extension `timestamp`). */
  changed_since: z.string().optional(),
} as const;
