import { z } from 'zod';
import { tolerant } from '../../record/tolerant.ts';

/** The URL of an entity, as Keystone's `public_endpoint` has it; wrong behind some proxies. */
export const Links = tolerant({ self: z.string().optional() }).optional();
