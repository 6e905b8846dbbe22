// Shapes as upstream Nova documents them (doc/notification_samples, nova/notifications/base.py); both formats are on by
// configuration, and a cloud may send either (`[notifications] notification_format`).
import { expect, test } from 'vitest';
import { parseNotification, serverNotification, type ServerNotification } from '../../src/events.ts';

const wrapped = (message: object): string =>
  JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) });

const versioned = (event_type: string, data: object, more: object = {}): string =>
  wrapped({
    message_id: 'm-1',
    event_type,
    publisher_id: 'nova-compute:compute-1',
    timestamp: '2026-11-29 09:00:00.123456',
    priority: 'INFO',
    payload: {
      'nova_object.namespace': 'nova',
      'nova_object.name': 'InstanceActionPayload',
      'nova_object.version': '1.9',
      'nova_object.data': { uuid: 's-1', tenant_id: 'p-1', host: 'compute-1', ...data },
    },
    ...more,
  });

function told(message: string | Uint8Array): ServerNotification | undefined {
  const notification = parseNotification(message);
  return notification === undefined ? undefined : serverNotification(notification);
}

test('a versioned notification says which server it is about, in which state, and since which request', () => {
  const message = versioned('instance.power_off.end', {
    state: 'stopped',
    power_state: 'shutdown',
    task_state: null,
    request_id: 'req-1',
    display_name: 'web',
    deleted_at: null,
  });
  expect(told(message)).toEqual({
    id: 'm-1',
    at: '2026-11-29T09:00:00.123Z',
    format: 'versioned',
    publisher: 'nova-compute',
    event: 'power_off.end',
    isError: false,
    serverId: 's-1',
    projectId: 'p-1',
    name: 'web',
    host: 'compute-1',
    state: 'stopped',
    oldState: undefined,
    powerState: 'shutdown',
    taskState: undefined,
    oldTaskState: undefined,
    requestId: 'req-1',
    launchedAt: undefined,
    deletedAt: undefined,
  });
});

test('the unversioned format says the same under other names', () => {
  const message = wrapped({
    message_id: 'm-2',
    event_type: 'compute.instance.power_off.end',
    publisher_id: 'compute.compute-1',
    timestamp: '2026-11-29 09:00:00.5',
    priority: 'INFO',
    _context_request_id: 'req-2',
    payload: { instance_id: 's-1', tenant_id: 'p-1', host: 'compute-1', state: 'stopped', deleted_at: '' },
  });
  expect(told(message)).toMatchObject({
    format: 'unversioned',
    publisher: 'compute',
    event: 'power_off.end',
    serverId: 's-1',
    state: 'stopped',
    requestId: 'req-2',
    powerState: undefined,
    deletedAt: undefined,
  });
});

test('an update tells the state before it, in both formats', () => {
  const update = versioned('instance.update', {
    state: 'stopped',
    state_update: {
      'nova_object.namespace': 'nova',
      'nova_object.data': { old_state: 'active', state: 'stopped', new_task_state: null },
    },
  });
  expect(told(update)).toMatchObject({ event: 'update', oldState: 'active', state: 'stopped' });
  const old = wrapped({
    message_id: 'm-3',
    event_type: 'compute.instance.update',
    timestamp: '2026-11-29 09:00:00',
    payload: { instance_id: 's-1', old_state: 'active', state: 'stopped', new_task_state: 'deleting' },
  });
  expect(told(old)).toMatchObject({ oldState: 'active', state: 'stopped', taskState: 'deleting' });
});

test('what failed is told as an error, by its name or by its priority', () => {
  expect(told(versioned('instance.reboot.error', {}))?.isError).toBe(true);
  expect(told(versioned('instance.reboot.end', {}, { priority: 'ERROR' }))?.isError).toBe(true);
});

test.each([
  ['another kind of thing', versioned('aggregate.create.end', {})],
  ['a server that is not named', versioned('instance.power_off.end', { uuid: null })],
  [
    'an object of another service',
    versioned('instance.update', {}).replaceAll('nova_object', 'ironic_object'),
  ],
  ['text', 'instance.power_off.end'],
  ['null', 'null'],
  [
    'an envelope whose message is cut off',
    '{"oslo.version": "2.0", "oslo.message": "{\\"event_type\\": \\"inst"}',
  ],
  ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0x7b])],
  ['more than a million characters', `{"a": "${'x'.repeat(1_000_001)}"}`],
])('nothing is told of a server by %s', (_, message) => {
  expect(told(message)).toBeUndefined();
});

test('a message of 50,000 nested lists is no notification, and no error', () => {
  expect(told(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toBeUndefined();
});
