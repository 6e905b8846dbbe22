import { z } from 'zod';

/** Where Nova believes a thing to be. Behind a proxy it may be wrong: Groundcrew never follows it. */
export const Link = z.looseObject({ rel: z.string(), href: z.string() });
