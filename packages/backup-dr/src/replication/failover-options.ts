import { optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';

export interface PlanFailoverOptions {
  /** The backends that fail over together: `host@backend`, or names of clusters. */
  readonly backends: readonly string[];
  /** The replica of all of them; `default` leads back to the backends themselves. @default the driver chooses */
  readonly to?: string | undefined;
  /** Ids of volumes of which it is accepted that they go to `error`; or `all`. @default none */
  readonly accept?: readonly string[] | 'all' | undefined;
  /** Whether servers are connected anew afterwards, where their state allows it. @default true */
  readonly reconnect?: boolean | undefined;
}

export const planFailoverOptions = optionsSchema<PlanFailoverOptions>({
  backends: z.array(z.string().min(1)).min(1),
  to: z.string().min(1).optional(),
  accept: z.union([z.literal('all'), z.array(z.string().min(1))]).optional(),
  reconnect: z.boolean().optional(),
});
