import { parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { Collector } from './collector.ts';
import type { Metric } from './metric.ts';

/** Whether a metric is given: one whose series are of single things only if somebody asked for it, or for its collector. */
export type IsWanted = (of: Collector, metric: Metric) => boolean;

/**
 * Tells which metrics are given.
 *
 * @param ids - collectors or metrics whose series of single things are asked for
 * @throws InputError for one that is no collector and no metric of these
 */
export function wantedOf(
  operation: string,
  collectors: readonly Collector[],
  ids: readonly string[],
): IsWanted {
  const asked = new Set(ids);
  const known = new Set(
    collectors.flatMap(({ name, metrics }) => [name, ...metrics.map(({ metric }) => metric.name)]),
  );
  const aKnown = z.string().refine((name) => known.has(name), 'is no collector or metric that is collected');
  parseArguments(operation, z.strictObject({ ids: z.array(aKnown) }), { ids });
  return ({ name }, metric) => metric.ids.length === 0 || asked.has(name) || asked.has(metric.name);
}
