import type { z } from 'zod';
import { answer, type Shape } from '../../record/shape.ts';

type Plain = { readonly [name: string]: z.ZodType };

/** The answer to a call that asked for some fields only. */
export const partial = <const F extends Plain>(
  shape: Shape<F, 'loose'>,
): Shape<{ readonly [K in keyof F]: z.ZodOptional<F[K]> }, 'loose'> =>
  answer(
    Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, field.optional()])) as {
      readonly [K in keyof F]: z.ZodOptional<F[K]>;
    },
  );
