import { apis } from './catalogue-apis.ts';
import { clusters } from './catalogue-clusters.ts';
import { infrastructure } from './catalogue-infrastructure.ts';
import { workers } from './catalogue-workers.ts';
import type { Catalogue } from './component.ts';

/**
 * The components of an OpenStack management stack, by name: how each is made highly available, what it needs, how it
 * is checked, and what must not be done to it. Add one's own, or replace one, by spreading.
 *
 * @example
 * const mine = { ...catalogue, redis: defineComponent({ … }) };
 */
export const catalogue: Catalogue = Object.freeze(
  Object.fromEntries([...infrastructure, ...clusters, ...apis, ...workers].map((one) => [one.name, one])),
);
