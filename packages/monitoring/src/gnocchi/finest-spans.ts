import type { ReadOptions } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import { z } from 'zod';
import { ArchivePolicySchema } from './archive-policy.ts';

const Metrics = z.array(z.looseObject({ id: z.string(), archive_policy: ArchivePolicySchema }));

/**
 * The shortest span in which Gnocchi keeps points of each metric of a name, in milliseconds, by the metric's id. Two metrics of one
 * name may have different archive policies: a policy is chosen when a metric is made.
 */
export async function finestSpans(
  cloud: Cloud,
  name: string,
  { signal }: ReadOptions,
): Promise<ReadonlyMap<string, number>> {
  const spans = new Map<string, number>();
  for (let marker: string | undefined; ;) {
    const { body } = await cloud.request('metric', {
      path: 'metric',
      query: { name, limit: PAGE, marker },
      schema: Metrics,
      operation: 'metric.list',
      signal,
    });
    const before = spans.size;
    for (const { id, archive_policy } of body)
      spans.set(id, archive_policy.resolutions[0]?.granularityMs ?? Infinity);
    // The service's own limit may be lower than the one that was asked for: only a page with nothing new is the end.
    if (spans.size === before) return spans;
    marker = body.at(-1)?.id;
  }
}

const PAGE = 1000;
