import type { SimState } from '../../../sim-state.ts';
import type { Server } from '../server.ts';
import { TASK_EVENTS, unversionedEvent } from './events.ts';
import { type Initiator, instancePayload } from './instance-payload.ts';
import { unversionedPayload } from './unversioned-payload.ts';

/**
 * Tells the queues that a task of a server begins or has ended, with the server's state as it is now. What Nova's API does in
 * the place of a host that is down, it tells itself.
 */
export function notify(
  state: SimState,
  server: Server,
  of: {
    readonly task: string | null;
    readonly phase: 'start' | 'end';
    readonly by: Initiator | undefined;
    readonly isByApi?: boolean;
  },
): void {
  const event = TASK_EVENTS[of.task ?? '']?.[of.phase];
  if (event === undefined) return;
  const host = server.host ?? '';
  state.notifications.send(state.clock.now(), (format) => ({
    event_type: format === 'versioned' ? `instance.${event}` : unversionedEvent(event),
    publisher_id: publisherOf(format === 'versioned' ? 'nova-' : '', host, of.isByApi ?? false),
    payload:
      format === 'versioned' ? instancePayload(state, server, event, of.by) : unversionedPayload(server),
    context: {
      request_id: of.by?.request_id ?? null,
      user_id: of.by?.user_id ?? null,
      project_id: of.by?.project_id ?? null,
      is_admin: of.by?.user_id == null,
      read_deleted: 'no',
      remote_address: null,
    },
  }));
}

function publisherOf(prefix: string, host: string, isByApi: boolean): string {
  const separator = prefix === '' ? '.' : ':';
  return isByApi ? `${prefix}api${separator}controller-1` : `${prefix}compute${separator}${host}`;
}
