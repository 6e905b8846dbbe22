import { z } from 'zod';

/** An answer without a body, at those microversions of an operation that have none. */
export const EmptyAnswer = z.void().catch(undefined);
