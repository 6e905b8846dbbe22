import { createHash } from 'node:crypto';
import type { Cloud } from '@groundcrew/core';
import type { Target } from '@groundcrew/runbook';
import { backendsNamed, failoverImpact } from './failover-impact.ts';
import { ReplicationError } from './replication-error.ts';
import { readReplication, type ReplicationSnapshot } from './read-replication.ts';

/**
 * What an approval of a failover stands on: the state of its replication, and which volumes would be lost. A volume more that is
 * not replicated makes another revision; one more that is replicated does not.
 */
export function revisionOfBackend(snapshot: ReplicationSnapshot, backend: string): string {
  const services = backendsNamed(snapshot, backend).map((service) => [
    service.host,
    service.replication_status ?? null,
    service.active_backend_id ?? null,
  ]);
  const lost = failoverImpact(snapshot, { backend })
    .volumes.filter(({ fate }) => fate === 'error')
    .map(({ id }) => id)
    .toSorted();
  const digest = createHash('sha256').update(
    JSON.stringify([services.toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? '')), lost]),
  );
  return `sha256:${digest.digest('hex')}`;
}

/**
 * The revisions of backends now, for `run`: it refuses a failover that was approved for other losses.
 *
 * @example
 * run(plan, { approved, implementations, revisionOf: replicationRevisions(cloud), journal });
 */
export function replicationRevisions(
  cloud: Cloud,
): (target: Target, signal: AbortSignal) => Promise<string | undefined> {
  return async ({ kind, id }, signal) => {
    if (kind !== 'backend') return undefined;
    const snapshot = await readReplication(cloud, { signal });
    const [gap] = [snapshot.backends, snapshot.volumes].flatMap(({ gaps }) => gaps);
    // What was not seen may be lost, too: then nobody knows whether it is what was approved.
    if (gap !== undefined)
      throw new ReplicationError('replication.unseen', `${gap.what}: ${gap.why}`, { remedy: gap.remedy });
    return backendsNamed(snapshot, id).length > 0 ? revisionOfBackend(snapshot, id) : undefined;
  };
}
