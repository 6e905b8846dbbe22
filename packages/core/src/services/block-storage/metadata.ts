import { z } from 'zod';

/** Key and value pairs, as Cinder answers them and takes them: text of up to 255 characters on both sides. */
export const Metadata = z.record(z.string(), z.string());

/** Extra specs of types. A value may be null. */
export const Specs = z.record(z.string(), z.string().nullable());
