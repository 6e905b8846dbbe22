import type { Replicas } from '../component-facts.ts';
import type { Seen } from '../seen.ts';
import type { ApiReplicas } from './observe-api.ts';

/** The replicas of an API that answer; those that do not may work, and were not seen. */
export function apiReplicas([first]: readonly Seen<ApiReplicas>[]): Replicas | undefined {
  if (first === undefined) return undefined;
  const { value, source, at } = first;
  // Without an answer all are unseen, and none is working or broken.
  const working = value?.replicas.map(({ url }) => url) ?? [];
  const unseen = value === undefined ? [source] : value.urls.filter((url) => !working.includes(url));
  return { working, broken: [], unseen, sign: 'answers', source, at };
}
