import { z } from 'zod';

/** Where an entity is, as Keystone's `public_endpoint` has it; wrong behind some proxies. */
export const Links = z.looseObject({ self: z.string().optional() }).optional();
