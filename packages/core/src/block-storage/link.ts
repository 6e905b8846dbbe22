import { z } from 'zod';

/** Where Cinder believes a thing to be. Behind a proxy it may be wrong: Groundcrew never follows it. */
export const Link = z.looseObject({ rel: z.string(), href: z.string() });

/** What answers of creating, and brief lists, say of a thing. */
export const Links = z.array(Link).optional();
