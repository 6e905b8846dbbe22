import { z } from 'zod';

/** An id that Nova answers as a number (aggregates, migrations, old hypervisors and services), or its text. */
export const NumericId = z.union([z.string(), z.number().int()]);
