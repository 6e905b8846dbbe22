import type { EventSource } from '@groundcrew/monitoring/events';
import { errorNotifications, type ErrorRecord } from '../../src/follow.ts';

export const REQUEST = 'req-662a1c85-82ae-4a35-bc39-7bcbd8992085';
export const GLOBAL = 'req-11111111-1111-4111-8111-111111111111';
export const SERVER = '5b9b9f2e-6b6a-4a7e-9d7e-2c1d4e0a7f11';

/** As oslo.messaging's driver `messagingv2` sends it. */
export const wrapped = (message: object): string =>
  JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) });

export const sent = (event_type: string, payload: unknown, more: object = {}): string =>
  wrapped({
    message_id: 'b6f6f6a2-0000-4000-8000-000000000001',
    publisher_id: 'nova-conductor:ctl-1',
    event_type,
    priority: 'ERROR',
    timestamp: '2026-11-30 02:25:40.397123',
    payload,
    _context_request_id: REQUEST,
    _context_global_request_id: GLOBAL,
    _context_user_id: 'u-1',
    _context_project_id: 'p-1',
    ...more,
  });

export const versioned = (name: string, data: object): object => ({
  'nova_object.namespace': 'nova',
  'nova_object.version': '1.1',
  'nova_object.name': name,
  'nova_object.data': data,
});

// The shape of what the lab's Nova (Zed) sends: the pieces of the traceback have commas between them.
const TRACEBACK = [
  'Traceback (most recent call last):\n',
  '  File "/usr/lib/python3/dist-packages/nova/conductor/manager.py", line 1548, in schedule_and_build_instances\n    host_lists = self._schedule_instances(context, request_specs[0],\n',
  'nova.exception_Remote.NoValidHost_Remote: No valid host was found. There are not enough hosts available.\nTraceback (most recent call last):\n\n  File "/usr/lib/python3/dist-packages/nova/scheduler/manager.py", line 209, in select_destinations\n    raise exception.NoValidHost(reason="")\n\nnova.exception.NoValidHost: No valid host was found. \n',
].join(',');
export const exceptionPayload = (more: object = {}): object =>
  versioned('ExceptionPayload', {
    module_name: 'nova.conductor.manager',
    function_name: '_schedule_instances',
    exception: 'NoValidHost_Remote',
    exception_message:
      'No valid host was found. There are not enough hosts available.\nTraceback (most recent call last):\n\n  File "x.py"',
    traceback: TRACEBACK,
    ...more,
  });

/** A source of one's own, as a user may have it; `acknowledged` grows with each batch that is done. */
export function sourceOf(...batches: readonly (readonly (string | Uint8Array)[])[]) {
  const acknowledged: number[] = [];
  const source: EventSource = {
    name: 'rabbitmq lab/notifications.error',
    async *batches() {
      for (const [index, messages] of batches.entries())
        yield {
          messages,
          done: async () => {
            acknowledged.push(index);
          },
        };
    },
  };
  return { source, acknowledged };
}

export async function recordOf(message: string | Uint8Array): Promise<ErrorRecord | undefined> {
  const [record] = await Array.fromAsync(errorNotifications(sourceOf([message]).source));
  return record;
}
