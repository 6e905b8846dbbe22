import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from './link.ts';

/** Users who get roles together. */
export const Group = answer({
  id: z.string(),
  name: z.string(),
  domain_id: z.string(),
  description: z.string().nullable().optional(),
  /** In the groups of a user: when a membership that a federated login made ends. */
  membership_expires_at: Timestamp.nullable().optional(),
  links: Links,
});
export type Group = OutputAt<typeof Group>;
