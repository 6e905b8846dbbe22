import type { Replicas } from '../component-facts.ts';
import type { Seen } from '../seen.ts';
import type { ApiReplicas } from './observe-api.ts';

/** The replicas of an API that answer; those that do not may work, and were not seen. */
export function apiReplicas(seen: readonly Seen<ApiReplicas>[]): Replicas | undefined {
  const [first] = seen;
  if (first === undefined) return undefined;
  // Without an answer all are unseen, and none is working or broken.
  const working = seen.flatMap(({ value }) => value?.replicas.map(({ url }) => url) ?? []);
  const unseen = seen.flatMap(({ value, source }) =>
    value === undefined ? [source] : value.urls.filter((url) => !working.includes(url)),
  );
  const source = seen.map((observed) => observed.source).join(', ');
  return { working, broken: [], unseen, sign: 'answers', source, at: first.at };
}
