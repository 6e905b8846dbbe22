import { parseArguments, signalOptions } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import type { AuditEvent } from '../event.ts';

/**
 * Reads the history that Nova keeps of a server (`os-instance-actions`): which user asked for what, by which request.
 * It holds what no queue kept, and is gone with the database's purge. Its ids make it safe to append again.
 *
 * @throws what the call throws: a user who may not see the server gets no empty list
 * @example
 * await trail.append(await instanceActions(cloud, serverId));
 */
export async function instanceActions(
  cloud: Cloud,
  serverId: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<AuditEvent[]> {
  parseArguments('instanceActions', signalOptions, options);
  const events: AuditEvent[] = [];
  for await (const action of cloud.compute.instanceActions.list({ server_id: serverId }, options)) {
    const { action: verb, request_id, start_time, user_id, project_id, message } = action;
    events.push({
      id: `instance-action:${serverId}:${request_id}:${verb}`,
      at: start_time,
      source: `compute os-instance-actions ${cloud.name}`,
      kind: 'instance-action',
      action: verb,
      outcome: message === null || message === undefined ? 'unknown' : 'failure',
      who: { ...(user_id ? { user_id } : {}), ...(project_id ? { project_id } : {}) },
      target: { type: 'server', id: serverId, service: 'compute' },
      request_ids: request_id ? [request_id] : [],
      ...(message ? { reason: { text: message } } : {}),
    });
  }
  return events;
}
