import { z } from 'zod';

/** Where related things are. Their addresses are without scheme and host, and may be without the service's path. */
export const Links = z.array(z.looseObject({ rel: z.string(), href: z.string() })).optional();
