import { hasControls } from '@groundcrew/ground';
import { z } from 'zod';

/** Text that stands in one line everywhere; YAML has more line ends than most editors. */
export const oneLine = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !hasControls(text) && !/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/u.test(text), {
    error: 'must be well-formed text in one line, without control characters',
  });

/**
 * Labels that a user adds to rules.
 *
 * @param taken - those that the rules set themselves
 */
export const furtherLabels = (...taken: readonly string[]): z.ZodRecord<z.ZodString, typeof oneLine> =>
  z.record(
    z.string().regex(new RegExp(`^(?!__)(?!(?:${taken.join('|')})$)[a-zA-Z_][a-zA-Z0-9_]*$`), {
      error: 'is no label, or one that the rules set themselves',
    }),
    oneLine,
  );
