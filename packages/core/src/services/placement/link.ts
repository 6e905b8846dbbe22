import { z } from 'zod';
import { tolerant } from '../../record/tolerant.ts';

/** Links to related entities. Their addresses are without scheme and host, and may be without the service's path. */
export const Links = z.array(tolerant({ rel: z.string(), href: z.string() })).optional();
