import { z } from 'zod';
import { tolerant } from '../../record/tolerant.ts';

/** Where an entity is, as Keystone's `public_endpoint` has it; wrong behind some proxies. */
export const Links = tolerant({ self: z.string().optional() }).optional();
