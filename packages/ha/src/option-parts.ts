import type { Host } from '@groundcrew/runbook';
import { z } from 'zod';

// Parts of the schemas of options that several entries of this package take.

/** Anything that runs commands. */
export const aHost = z.custom<Host>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'run' in value &&
    typeof value.run === 'function',
  'must be a Host',
);

/** As root, or as that user. */
export const aSudo = z.union([z.boolean(), z.string().min(1)]);

/** Names: of hosts, nodes, servers, proxies. */
export const someNames = z.array(z.string().min(1));
