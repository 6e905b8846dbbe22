import { z } from 'zod';

/**
 * A boolean. Nova also takes it as text (`nova/api/validation/parameter_types.py`), and so do programs that were
 * written after its examples; the type offers only the real thing.
 */
export const Flag: z.ZodType<boolean, boolean> = z.union([
  z.boolean(),
  z.enum(['True', 'true', 'TRUE', 'False', 'false', 'FALSE']),
]) as unknown as z.ZodType<boolean, boolean>;

/** A whole number above 0, which Nova also takes as text. */
export const Count: z.ZodType<number, number> = z.union([
  z.number().int().positive(),
  z.string().regex(/^0*[1-9]\d*$/),
]) as unknown as z.ZodType<number, number>;
