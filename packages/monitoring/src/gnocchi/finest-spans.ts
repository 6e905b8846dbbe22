import type { ReadOptions } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import { z } from 'zod';
import { ArchivePolicySchema } from './archive-policy.ts';
import { gnocchiPages } from './gnocchi-pages.ts';

const Metric = z.looseObject({ id: z.string(), archive_policy: ArchivePolicySchema });

/**
 * The shortest span in which Gnocchi keeps points of each metric of a name, in milliseconds, by the metric's id. Two metrics of one
 * name may have different archive policies: a policy is chosen when a metric is made.
 */
export async function finestSpans(
  cloud: Cloud,
  name: string,
  read: ReadOptions,
): Promise<ReadonlyMap<string, number>> {
  const list = {
    what: `metrics ${name}`,
    path: 'metric',
    query: { name },
    element: Metric,
    operation: 'metric.list',
  };
  const spans = new Map<string, number>();
  for await (const { id, archive_policy } of gnocchiPages(cloud, list, read))
    spans.set(id, archive_policy.resolutions[0]?.granularityMs ?? Infinity);
  return spans;
}
