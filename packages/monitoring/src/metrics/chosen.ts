import { anObjectWith, InputError, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { Collector } from './collector.ts';
import { isDetails } from './metric-list.ts';
import { type CollectorName, metricCollectors } from './collectors/all.ts';

/** Several collectors under one name. */
export type CollectorGroup = 'services' | 'quotas';

/** Options that say what is collected. */
export interface CollectedBy {
  /**
   * Names of collectors, of groups of them, and collectors of your own. @default all that come with this package, but for those
   * that ask once a thing: `quotas` and `placement`
   */
  readonly collect?: readonly (CollectorName | CollectorGroup | Collector)[] | undefined;
}

const groups: Readonly<Record<CollectorGroup, readonly CollectorName[]>> = {
  services: ['compute-services', 'volume-services', 'network-agents'],
  quotas: ['compute-quotas', 'volume-quotas', 'network-quotas'],
};

const names = [...Object.keys(metricCollectors), ...Object.keys(groups)];
const aCollector = anObjectWith<Collector>(
  'a collector, as collector() makes it',
  'name',
  'lists',
  'metrics',
);
const aName = z
  .string()
  .refine((name) => names.includes(name), `is no collector; there are ${names.join(', ')}`);

/** Part of a schema. */
export const collectShape = { collect: z.array(z.union([aName, aCollector])).optional() };

/** The collectors that are meant, each once, in the order in which they were named. */
export function collectorsOf(operation: string, collect: CollectedBy['collect']): readonly Collector[] {
  parseArguments(operation, z.strictObject(collectShape), { collect });
  const all: readonly Collector[] = Object.values(metricCollectors);
  const chosen = new Set(
    collect?.flatMap((each) => collectorsNamed(each)) ?? all.filter(({ lists }) => !lists.some(isDetails)),
  );
  const seen = new Set<string>();
  const once = (name: string, what: string): void => {
    if (seen.has(name))
      throw new InputError(`${operation}: collect: two collectors have the ${what} ${name}`, {
        field: 'collect',
        operation,
      });
    seen.add(name);
  };
  for (const { name, metrics } of chosen) {
    once(name, 'name');
    for (const { metric } of metrics) once(metric.name, 'metric');
  }
  return [...chosen];
}

function collectorsNamed(each: CollectorName | CollectorGroup | Collector): readonly Collector[] {
  if (typeof each === 'object') return [each];
  const group = Object.entries(groups).find(([name]) => name === each);
  return (group?.[1] ?? [each as CollectorName]).map((name) => metricCollectors[name]);
}
