import type { Cloud } from '@groundcrew/core';
import type { Refusal } from '@groundcrew/runbook';

/** Refuses an act on a thing that is no longer as it was judged. */
export const changed = (reason: string): Refusal => ({
  code: 'audit.changed',
  reason,
  remedy: 'Judge it again.',
});

/**
 * A server that was judged by its ports has at least one of them yet. A port moves to another server in seconds, and
 * then it is that one which is exposed.
 */
export async function ownsPort(
  { network }: Cloud,
  server: string,
  ports: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  if (ports === undefined) return undefined;
  const own = new Set<string>();
  for await (const { id } of network.ports.list({ device_id: server }, { signal })) own.add(id);
  return ports.some((id) => own.has(id))
    ? undefined
    : changed(`server ${server} has none of the ports any more that it was judged by: ${ports.join(', ')}`);
}

/**
 * Reports how this attempt found the thing, for the undo: after a crash, a state that is there already may be the work
 * of an earlier attempt.
 */
export const asFound = (attempt: number, isSoAlready: boolean): { after_crash?: true } =>
  attempt > 1 && isSoAlready ? { after_crash: true } : {};
