import type { Situation } from './situation.ts';

/** Hosts that do not carry servers now: down in Nova's view, candidates, and those recovered that are not back. */
export function downOrRecovering({ cloud, history }: Situation, candidates: readonly string[]): Set<string> {
  const away = new Set(candidates);
  for (const { host, up, enabled } of cloud.hosts ?? []) if (!up && enabled) away.add(host);
  for (const { host, state } of history.recoveries)
    if (state === 'running' || state === 'recovered') away.add(host);
  return away;
}
