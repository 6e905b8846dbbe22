import { apis } from './apis/component.ts';
import { clusters } from './catalogue-clusters.ts';
import { infrastructure } from './catalogue-infrastructure.ts';
import { workers } from './workers/component.ts';
import type { Catalogue } from './define-component.ts';

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
