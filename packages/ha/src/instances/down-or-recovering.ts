import { readMarker } from './marker.ts';
import type { Situation } from './situation.ts';

/**
 * Hosts that do not carry servers now: down in Nova's view or disabled by us, in a cell that does not respond, candidates, and
 * those recovered that are not back.
 */
export function downOrRecovering({ cloud, history }: Situation, candidates: readonly string[]): Set<string> {
  const away = new Set(candidates);
  for (const { host, up, enabled, unknown, disabledReason } of cloud.hosts ?? [])
    if (!up && (enabled || unknown !== undefined || readMarker(disabledReason) !== undefined)) away.add(host);
  for (const { host, state } of history.recoveries)
    if (state === 'running' || state === 'recovered' || state === 'half-done') away.add(host);
  return away;
}
