import { describe, expect, test } from 'vitest';
import { decode } from '../../src/trail.ts';

// Event types and payloads as the services' own sources have them; each row names the file.
const event = (event_type: string, payload: object, publisher_id = 'x.y') =>
  decode(
    JSON.stringify({ message_id: 'm', publisher_id, event_type, timestamp: '2026-11-23 10:00:00', payload }),
    {
      source: 'bus',
      now: 0,
    },
  );
const versioned = (namespace: string, data: object): object => ({ [`${namespace}_object.data`]: data });
const fault = (namespace: string) =>
  versioned(namespace, { exception: 'NoValidHost', exception_message: 'none was found', function_name: 'f' });

test.each<[string, ReturnType<typeof event>, object]>([
  [
    'ironic/objects/notification.py: success is a status',
    event(
      'baremetal.node.provision_set.success',
      versioned('ironic', { uuid: 'n-1', name: 'node' }),
      'ironic-conductor.h',
    ),
    {
      action: 'provision_set',
      outcome: 'success',
      target: { type: 'node', id: 'n-1', service: 'baremetal' },
      kind: 'ironic.versioned',
    },
  ],
  [
    'ironic: an error, with what the node last said',
    event('baremetal.node.provision_set.error', versioned('ironic', { uuid: 'n-1', last_error: 'no power' })),
    { outcome: 'failure', reason: { text: 'no power' } },
  ],
  [
    'masakari, doc/notification_samples/create-host-end.json: the uuid, not the number of the row',
    event(
      'host.create.end',
      versioned('masakari', { id: 70, uuid: 'h-1', name: 'h', fault: null }),
      'masakari-api:x',
    ),
    { action: 'create', outcome: 'success', target: { type: 'host', id: 'h-1', service: 'instance-ha' } },
  ],
  [
    'masakari, process-notification-error.json',
    event(
      'notification.process.error',
      versioned('masakari', { id: 51, notification_uuid: 'u-1', fault: fault('masakari') }),
      'masakari-engine:x',
    ),
    {
      action: 'process',
      outcome: 'failure',
      target: { type: 'notification', id: 'u-1' },
      reason: { code: 'NoValidHost', text: 'none was found' },
    },
  ],
  [
    'nova, compute-exception.json',
    event('compute.exception', fault('nova'), 'nova-api:x'),
    {
      outcome: 'failure',
      reason: { code: 'NoValidHost', text: 'none was found' },
      detail: { function_name: 'f' },
    },
  ],
  [
    'nova, compute_task-rebuild_server-error.json: the server, and why',
    event(
      'compute_task.rebuild_server.error',
      versioned('nova', { instance_uuid: 's-1', reason: fault('nova'), state: 'error' }),
      'nova-conductor:x',
    ),
    {
      action: 'rebuild_server',
      outcome: 'failure',
      target: { type: 'server', id: 's-1' },
      reason: { text: 'none was found' },
      detail: { reason: { exception: 'NoValidHost' } },
    },
  ],
  [
    'nova, scheduler-select_destinations-end.json',
    event(
      'scheduler.select_destinations.end',
      versioned('nova', { instance_uuid: 's-1' }),
      'nova-scheduler:x',
    ),
    { action: 'select_destinations', outcome: 'success', target: { type: 'server', id: 's-1' } },
  ],
  [
    'nova, flavor-create.json',
    event('flavor.create', versioned('nova', { flavorid: 'f-1', name: 'small' })),
    { action: 'create', outcome: 'success', target: { type: 'flavor', id: 'f-1', name: 'small' } },
  ],
  [
    'nova, aggregate-cache_images-progress.json: not ended yet',
    event('aggregate.cache_images.progress', versioned('nova', { id: 3, uuid: 'u', name: 'a', host: 'c-1' })),
    {
      action: 'cache_images',
      outcome: 'pending',
      target: { type: 'aggregate', id: '3' },
      detail: { host: 'c-1' },
    },
  ],
  [
    'nova, keypair-create-end.json',
    event('keypair.create.end', versioned('nova', { name: 'k', fingerprint: 'aa', user_id: 'owner' })),
    { action: 'create', target: { type: 'keypair', id: 'k' } },
  ],
  [
    'nova, volume-usage.json',
    event('volume.usage', versioned('nova', { volume_id: 'v-1', instance_uuid: 's-1' })),
    { action: 'usage', outcome: 'success', target: { type: 'volume', id: 'v-1' } },
  ],
  [
    'nova, metrics-update.json',
    event('metrics.update', versioned('nova', { host: 'c-1', nodename: 'n-1', metrics: [{ name: 'cpu' }] })),
    { action: 'update', outcome: 'success', target: { type: 'metric', id: 'n-1' } },
  ],
  [
    'glance/notifier.py: image.prepare comes before',
    event('image.prepare', { id: 'i-1' }, 'image.x'),
    { outcome: 'pending', target: { type: 'image', id: 'i-1' } },
  ],
])('%s', (_, found, wanted) => {
  expect(found).toMatchObject(wanted);
});

/** oslo_messaging/notify/notifier.py: `Notifier._notify` writes the priority beside the type. */
const sent = (priority: string, event_type: string, payload: unknown) =>
  decode(
    JSON.stringify({
      message_id: 'm',
      publisher_id: 'image.localhost',
      event_type,
      priority,
      timestamp: '2026-11-23 10:00:00',
      payload,
    }),
    { source: 'bus', now: 0 },
  );

test.each<[string, ReturnType<typeof event>, object]>([
  [
    'glance/notifier.py, ImageProxy.set_data: an upload that failed is a text, sent as an error',
    sent('ERROR', 'image.upload', 'Image storage media is full: There is not enough disk space'),
    {
      kind: 'notification',
      action: 'upload',
      outcome: 'failure',
      target: { type: 'image', service: 'image' },
      reason: { text: 'Image storage media is full: There is not enough disk space' },
    },
  ],
  [
    'glance/notifier.py, _get_chunk_data_iterator: a download that broke off is sent as an error',
    sent('ERROR', 'image.send', { bytes_sent: 7, image_id: 'i-1', owner_id: 'o' }),
    { action: 'send', outcome: 'failure', target: { type: 'image', id: 'i-1' } },
  ],
  [
    'glance/notifier.py: the same, whole',
    sent('INFO', 'image.send', { bytes_sent: 7, image_id: 'i-1', owner_id: 'o' }),
    { outcome: 'success' },
  ],
  [
    'nova/exception_wrapper.py, _emit_legacy_exception_notification: the type is the name of a function',
    sent('ERROR', 'attach_volume', { exception: 'no such volume', args: { instance: {} } }),
    { outcome: 'failure', reason: { text: 'no such volume' } },
  ],
  [
    'the same words at another priority say nothing of how it ended',
    sent('INFO', 'attach_volume', { args: {} }),
    { outcome: 'unknown' },
  ],
])('%s', (_, found, wanted) => {
  expect(found).toMatchObject(wanted);
});

test('keystone/notifications.py: a role assignment keeps the role, whose it is, and where', () => {
  const payload = {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    action: 'created.role_assignment',
    eventTime: '2026-11-23T10:00:00+0000',
    id: 'e',
    outcome: 'success',
    initiator: { id: 'admin', user_id: 'admin' },
    target: { id: 'made up', typeURI: 'service/security/account/user' },
    role: 'r-1',
    group: 'g-1',
    project: 'p-1',
    inherited_to_projects: false,
  };
  const found = event('identity.role_assignment.created', payload, 'identity.x');
  expect(found).toMatchObject({
    action: 'create',
    who: { user_id: 'admin' },
    target: { type: 'role_assignment', service: 'identity' },
    detail: { role: 'r-1', group: 'g-1', project: 'p-1', inherited_to_projects: false },
  });
  expect(found.target.id).toBeUndefined();
});

describe('what is of no known family', () => {
  test.each([
    'trove.instance.frobnicate',
    'something',
    'a.b',
    'toString',
    'x.constructor',
    '.',
    'sahara.cluster.changed',
  ])('%s is no success, and keeps its type', (type) => {
    expect(event(type, { id: 'x' })).toMatchObject({ outcome: 'unknown', detail: { event_type: type } });
  });
});

// ManageIQ/manageiq-providers-openstack issue 926: oslo.messaging 2.0, whose message is JSON within JSON; read once it tells nothing.
test('the message within the envelope is the one that counts', () => {
  const inner = {
    message_id: 'm',
    publisher_id: 'compute.compute-1',
    event_type: 'compute.instance.power_on.start',
    priority: 'INFO',
    timestamp: '2025-10-28 10:00:00.000000',
    payload: { instance_id: 's-1', tenant_id: 'p' },
  };
  const said = (message: unknown) =>
    decode(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': message }), { source: 'bus', now: 0 });
  expect(said(JSON.stringify(inner))).toMatchObject({
    kind: 'notification',
    action: 'power_on',
    outcome: 'pending',
    target: { type: 'server', id: 's-1', service: 'compute' },
  });
  // As the report shows it, without an id by which it would be known again: kept, and taken for nothing.
  const { message_id: _id, ...unnamed } = inner;
  expect(said(JSON.stringify(unnamed))).toMatchObject({ kind: 'undecoded', outcome: 'unknown' });
});

// keystonemiddleware, keystonemiddleware/audit/_api.py, `_create_event` and `get_target_resource`: `taxonomy.UNKNOWN` stands for
// each header that auth_token did not set, and for a service that is in no catalogue.
describe('the word that keystonemiddleware writes for what it was not told', () => {
  const request = (initiator: object, target: object) =>
    event('audit.http.response', {
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
      id: 'c-1',
      action: 'delete',
      eventTime: '2026-11-23T10:00:00.000000+0000',
      outcome: 'success',
      requestPath: '/v2.1/servers/5f3f2d6c-7f6a-4f5e-9f0a-0d6f0c1f2a3b',
      initiator,
      target,
    });
  test('is nobody, no project and no service', () => {
    const { who, target } = request(
      { id: 'unknown', name: 'unknown', project_id: 'unknown', host: { address: '192.0.2.7' } },
      { typeURI: 'unknown', id: 'unknown', name: 'unknown' },
    );
    expect(who).toEqual({ address: '192.0.2.7' });
    expect(target).toEqual({ type: 'server', id: '5f3f2d6c-7f6a-4f5e-9f0a-0d6f0c1f2a3b' });
  });
  test('is a name where Keystone says so', () => {
    expect(request({ id: 'u-1', username: 'unknown' }, {}).who).toEqual({
      user_id: 'u-1',
      user_name: 'unknown',
    });
  });
});
