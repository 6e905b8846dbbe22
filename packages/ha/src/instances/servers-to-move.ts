import type { HaPolicy } from './policy.ts';
import type { ServerView } from './situation.ts';

/** States in which Nova takes an evacuation (nova `compute/api.py`: active, stopped, error). */
const MOVABLE = new Set(['active', 'stopped', 'error']);

/**
 * The servers of a host that a recovery moves: those with `HA_Enabled` first, the others only if the policy says so;
 * never one that says `HA_Enabled: false`, nor one that is paused, rescued, shelved or being deleted.
 */
export function serversToMove(host: string, servers: readonly ServerView[], policy: HaPolicy): ServerView[] {
  const wanted = servers.filter(
    (one) =>
      one.host === host &&
      MOVABLE.has(one.state) &&
      one.task !== 'deleting' &&
      (one.haEnabled ?? policy.evacuateAll),
  );
  return wanted.toSorted(
    (a, b) =>
      Number(b.haEnabled ?? false) - Number(a.haEnabled ?? false) ||
      a.priority - b.priority ||
      (a.id < b.id ? -1 : 1),
  );
}
