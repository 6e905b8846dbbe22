import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EventSource, fileSource } from '@groundcrew/monitoring/events';
import { expect, test } from 'vitest';
import { errorNotifications, watchTemplates } from '../../src/follow.ts';
import { timelineOf } from '../../src/timeline.ts';
import {
  REQUEST,
  GLOBAL,
  SERVER,
  wrapped,
  sent,
  versioned,
  exceptionPayload,
  sourceOf,
  recordOf,
} from './error-messages.ts';

test('Nova’s versioned notification of a build that failed is a record of the request, with its traceback', async () => {
  const record = await recordOf(
    sent(
      'compute_task.build_instances.error',
      versioned('ComputeTaskPayload', {
        instance_uuid: SERVER,
        state: 'error',
        reason: exceptionPayload({ module_name: 'oslo_messaging._drivers.amqpdriver' }),
        request_spec: versioned('RequestSpecPayload', { flavor: {} }),
      }),
    ),
  );
  expect(record).toEqual({
    at: '2026-11-30T02:25:40.397Z',
    pid: undefined,
    level: 'error',
    logger: 'nova-conductor',
    requestId: REQUEST,
    globalRequestId: GLOBAL,
    message: 'nova.exception.NoValidHost: No valid host was found. There are not enough hosts available.',
    more: [
      'Traceback (most recent call last):',
      '  File "/usr/lib/python3/dist-packages/nova/conductor/manager.py", line 1548, in schedule_and_build_instances',
      '    host_lists = self._schedule_instances(context, request_specs[0],',
      'nova.exception_Remote.NoValidHost_Remote: No valid host was found. There are not enough hosts available.',
      'Traceback (most recent call last):',
      '',
      '  File "/usr/lib/python3/dist-packages/nova/scheduler/manager.py", line 209, in select_destinations',
      '    raise exception.NoValidHost(reason="")',
      '',
      'nova.exception.NoValidHost: No valid host was found.',
    ],
    format: 'notification',
    source: 'nova-conductor:ctl-1',
    host: 'ctl-1',
    line: 1,
    messageId: 'b6f6f6a2-0000-4000-8000-000000000001',
    eventType: 'compute_task.build_instances.error',
    userId: 'u-1',
    projectId: 'p-1',
    serverId: SERVER,
  });
});

const unversioned = { publisher_id: 'compute.compute-1' };
test.each<[string, string, object]>([
  [
    'an exception of any call',
    sent(
      'compute.exception',
      exceptionPayload({ exception: 'TypeError', exception_message: 'x', traceback: '' }),
    ),
    { logger: 'nova.conductor.manager', message: 'TypeError: x', more: [], serverId: undefined },
  ],
  [
    'a server’s action',
    sent(
      'instance.interface_attach.error',
      versioned('InstanceActionPayload', {
        uuid: SERVER,
        tenant_id: 'p-2',
        fault: exceptionPayload({ exception: 'X', traceback: undefined }),
      }),
      { _context_project_id: undefined },
    ),
    {
      message: 'X: No valid host was found. There are not enough hosts available.',
      serverId: SERVER,
      projectId: 'p-2',
    },
  ],
  [
    'an error without a fault',
    sent('instance.create.error', versioned('InstanceActionPayload', { uuid: SERVER, fault: null })),
    { message: 'instance.create.error: it tells no reason', logger: 'nova-conductor', serverId: SERVER },
  ],
  [
    'a wrapped call, before there were versions',
    sent(
      'build_and_run_instance',
      {
        exception: String.raw`BuildAbortException('Build of instance aborted: can\'t plug.')`,
        args: { instance: { uuid: SERVER }, admin_password: 'CANARY' },
      },
      unversioned,
    ),
    {
      message: "BuildAbortException: Build of instance aborted: can't plug.",
      logger: 'compute',
      host: 'compute-1',
      source: 'compute.compute-1',
      serverId: SERVER,
    },
  ],
  [
    'a build that failed, before there were versions',
    sent(
      'compute_task.build_instances',
      {
        instance_id: SERVER,
        state: 'error',
        method: 'build_instances',
        // As the lab's Nova (Zed) sends it.
        reason:
          "{'kwargs': {'reason': '', 'code': 500}, 'message': 'No valid host was found. ', 'class': 'NoValidHost_Remote'}",
      },
      { publisher_id: 'compute_task.ctl-1' },
    ),
    { message: 'NoValidHost: No valid host was found.', logger: 'compute_task', serverId: SERVER },
  ],
  [
    'a fault of a server, with its message and its exception',
    sent(
      'compute.instance.create.error',
      { instance_id: SERVER, message: 'Disk is full', code: 500, exception: "OSError(28, 'No space left')" },
      unversioned,
    ),
    { message: "OSError: 28, 'No space left'", serverId: SERVER },
  ],
  [
    'an upload to Glance',
    sent('image.upload', 'Image storage media is full: There is not enough disk space', {
      publisher_id: 'image.ctl-1',
      _context_request_id: undefined,
      _context_global_request_id: undefined,
    }),
    {
      message: 'Image storage media is full: There is not enough disk space',
      logger: 'image',
      requestId: undefined,
    },
  ],
  [
    'what oslo.log publishes: the text without what varies',
    sent('error_notification', { error: 'Failed to do %s' }, { publisher_id: 'error.publisher' }),
    { message: 'Failed to do %s', logger: 'error.publisher', source: 'error.publisher' },
  ],
  [
    'what is logged, with its exception',
    sent(
      'logrecord',
      {
        name: 'nova.compute.manager',
        levelno: 50,
        levelname: 'CRITICAL',
        exc_info: [
          "<class 'nova.exception.NovaException'>",
          "NovaException('boom')",
          '<traceback object at 0x7f>',
        ],
        pathname: '/x.py',
        lineno: 7,
        msg: 'It failed\nwholly',
        funcName: 'f',
        thread: 1,
        processName: 'MainProcess',
        process: 4242,
        extra: null,
      },
      { priority: 'CRITICAL', publisher_id: null },
    ),
    {
      level: 'critical',
      logger: 'nova.compute.manager',
      pid: '4242',
      message: 'It failed',
      more: ['wholly: nova.exception.NovaException: boom'],
    },
  ],
  [
    'what is logged as a warning',
    sent(
      'logrecord',
      { name: 'a.b', levelname: 'WARNING', exc_info: null, msg: 'beware', process: 1 },
      { priority: 'WARN' },
    ),
    { level: 'warning', logger: 'a.b', message: 'beware' },
  ],
])('%s', async (_, message, expected) => {
  expect(await recordOf(message)).toMatchObject(expected);
});

test('what tells no error is passed over, what is no notification is a gap, and both are acknowledged', async () => {
  const { source, acknowledged } = sourceOf(
    [sent('instance.create.end', { uuid: SERVER }, { priority: 'INFO' }), '{', 'no json', '[]', '7'],
    [new Uint8Array([0xff, 0xfe, 0]), '', wrapped({ a: 1 }), `"${'x'.repeat(1_000_001)}"`],
    [sent('image.upload', 'full')],
  );
  const errors = errorNotifications(source);
  expect(await Array.fromAsync(errors)).toMatchObject([{ message: 'full', line: 10 }]);
  expect(acknowledged).toEqual([0, 1, 2]);
  expect(errors.gaps()).toMatchObject([{ what: 'rabbitmq lab/notifications.error', kind: 'cut' }]);
  expect(errors.gaps()[0]?.why).toMatch(/^8 of 10 messages /);
});

test('a batch is acknowledged when its last record was looked at, and not before', async () => {
  const { source, acknowledged } = sourceOf(
    [sent('image.upload', 'one'), sent('image.upload', 'two')],
    [sent('image.upload', 'three'), sent('image.upload', 'four')],
  );
  const seen: [string, number][] = [];
  for await (const { message } of errorNotifications(source)) {
    seen.push([message, acknowledged.length]);
    if (message === 'three') break;
  }
  expect(seen).toEqual([
    ['one', 0],
    ['two', 0],
    ['three', 1],
  ]);
  expect(acknowledged).toEqual([0]);
});

test('a source that fails is thrown, unless the signal ended it; an option that is not known is refused', async () => {
  const failing: EventSource = {
    name: 'x',
    batches: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the broker is gone')) }),
    }),
  };
  await expect(Array.fromAsync(errorNotifications(failing))).rejects.toThrow('the broker is gone');
  const signal = AbortSignal.abort();
  expect(await Array.fromAsync(errorNotifications(failing, { signal }))).toEqual([]);
  expect(() => errorNotifications(failing, { signals: signal } as never)).toThrow(/signals/);
  expect(() => errorNotifications({} as never)).toThrow(/a source of messages/);
});

test('secrets are masked, and a tenant’s text is neither a record of its own nor reaches a terminal', async () => {
  const name = `web\u001B]0;x\u0007\u202E\n2026-11-30 02:25:40.397 7 ERROR nova.x [-] forged`;
  const record = await recordOf(
    sent('compute_task.build_instances.error', {
      reason: `cannot build ${name}; rabbit://nova:CANARY@mq:5672/`,
      instance_id: 'no id: \u001B[2J',
      request_id: '\u001B[2J',
    }),
  );
  expect(JSON.stringify(record)).not.toContain('CANARY');
  expect(record?.message).toBe(String.raw`cannot build web\x1b]0;x\x07\u202e`);
  expect(record?.more).toEqual(['2026-11-30 02:25:40.397 7 ERROR nova.x [-] forged; rabbit://***@mq:5672/']);
  expect(record?.serverId).toBeUndefined();
});

test('its records go to a watch and to a timeline: one kind of message, and where the request failed first', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-errors-'));
  const file = path.join(folder, 'notifications.json');
  const failed = (server: string) =>
    sent(
      'compute_task.build_instances.error',
      versioned('ComputeTaskPayload', { instance_uuid: server, reason: exceptionPayload() }),
    );
  await writeFile(file, `${[failed(SERVER), failed('s-2'), sent('image.upload', 'full')].join('\n')}\n`);
  const found: string[] = [];
  const watch = watchTemplates(errorNotifications(fileSource({ path: file })), { atLeast: 'error' });
  watch.on('found', ({ record }) => found.push(record.message));
  await watch.done;
  expect(found).toEqual([
    'nova.exception.NoValidHost: No valid host was found. There are not enough hosts available.',
    'full',
  ]);
  const records = () => errorNotifications(fileSource({ path: file }));
  const { value, gaps } = await timelineOf(REQUEST, { sources: [{ service: 'notifications', records }] });
  expect(gaps).toEqual([]);
  expect(value).toMatchObject({
    seen: true,
    outcome: 'failed',
    failedFirst: { service: 'notifications', logger: 'nova.conductor.manager' },
  });
  expect(value.failedFirst?.exception).toContain('NoValidHost');
  await rm(folder, { recursive: true });
});
