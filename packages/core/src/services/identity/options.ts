import { z } from 'zod';
import { tolerant } from '../../record/tolerant.ts';

/** Options of projects, domains and roles, as answered. */
export const ResourceOptions = tolerant({ immutable: z.boolean().nullable().optional() }).optional();

/** Options of projects, domains and roles, to be set. */
export const GivenOptions = z
  .strictObject({
    /** It can be neither changed nor deleted until this is `false` again. `null` removes the option. */
    immutable: z.boolean().nullable().optional(),
  })
  .optional();
