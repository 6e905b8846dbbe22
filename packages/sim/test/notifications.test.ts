// Nova's notifications, as oslo.messaging wraps them. The fields are those of the samples in Nova's tree
// (doc/notification_samples/common_payloads), and of what a real nova-compute (Zed) sent.
import { connect } from '@groundcrew/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type NotificationQueue, type SimulatedCloud, simulateCloud, virtualClock } from '../src/index.ts';

let cloud: SimulatedCloud;
let os: ReturnType<typeof connect>;

const start = async (release = 'zed'): Promise<void> => {
  cloud = simulateCloud({
    seed: 3,
    release,
    scenario: 'site',
    clock: virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' }),
  });
  const { connectOptions } = await cloud.listen({ port: 0, speed: 0 });
  os = connect({ ...connectOptions, clock: cloud.clock });
};
const stop = async (): Promise<void> => {
  await os.close();
  await cloud.close();
};
beforeEach(() => start());
afterEach(stop);

async function running(): Promise<{ id: string; host: string }> {
  for await (const each of os.compute.servers.list({ all_tenants: true }))
    if (each.status === 'ACTIVE') return { id: each.id, host: each['OS-EXT-SRV-ATTR:host'] ?? '' };
  throw new Error('the scenario has an active server');
}

interface Message {
  readonly event_type: string;
  readonly publisher_id: string;
  readonly message_id: string;
  readonly timestamp: string;
  readonly payload: Record<string, unknown>;
  readonly [context: `_context_${string}`]: unknown;
}
const opened = (text: string): Message => {
  const envelope = JSON.parse(text) as { 'oslo.version': string; 'oslo.message': string };
  expect(envelope['oslo.version']).toBe('2.0');
  return JSON.parse(envelope['oslo.message']) as Message;
};
const taken = (queue: NotificationQueue): Message[] => queue.take().map(opened);
const data = ({ payload }: Message): Record<string, unknown> =>
  payload['nova_object.data'] as Record<string, unknown>;

test('a stop: its start and its end, at the moments of the state that the API shows', async () => {
  const { id, host } = await running();
  const queue = cloud.notifications.queue();
  await os.compute.servers.stop({ id });
  const [begun, ...none] = taken(queue);
  expect(none).toEqual([]);
  expect(begun).toMatchObject({
    event_type: 'instance.power_off.start',
    publisher_id: `nova-compute:${host}`,
  });
  expect(begun === undefined ? {} : data(begun)).toMatchObject({
    state: 'active',
    power_state: 'running',
    task_state: 'powering-off',
  });
  await cloud.clock.advance('4s');
  const [ended] = taken(queue);
  expect(ended).toMatchObject({
    event_type: 'instance.power_off.end',
    timestamp: '2026-01-01 00:20:04.000000',
    priority: 'INFO',
  });
  const [action] = await Array.fromAsync(os.compute.at('2.51').instanceActions.list({ server_id: id }));
  expect(ended === undefined ? {} : data(ended)).toMatchObject({
    uuid: id,
    host,
    state: 'stopped',
    power_state: 'shutdown',
    task_state: null,
    updated_at: '2026-01-01T00:20:04Z',
    request_id: action?.request_id,
    action_initiator_user: action?.user_id,
  });
  expect(ended?.['_context_request_id']).toBe(action?.request_id);
});

/** The fields of `InstanceActionPayload` 1.8, in Nova's sample. */
const FIELDS = [
  'action_initiator_project',
  'action_initiator_user',
  'architecture',
  'auto_disk_config',
  'availability_zone',
  'block_devices',
  'created_at',
  'deleted_at',
  'display_description',
  'display_name',
  'fault',
  'flavor',
  'host',
  'host_name',
  'image_uuid',
  'ip_addresses',
  'kernel_id',
  'key_name',
  'launched_at',
  'locked',
  'locked_reason',
  'metadata',
  'node',
  'os_type',
  'power_state',
  'progress',
  'ramdisk_id',
  'request_id',
  'reservation_id',
  'state',
  'task_state',
  'tenant_id',
  'terminated_at',
  'updated_at',
  'user_id',
  'uuid',
];

test('the payload has the fields of the release', async () => {
  const sent = async (): Promise<Message | undefined> => {
    const { id } = await running();
    const queue = cloud.notifications.queue();
    await os.compute.servers.pause({ id });
    return taken(queue)[0];
  };
  const zed = await sent();
  expect(zed?.payload).toMatchObject({
    'nova_object.name': 'InstanceActionPayload',
    'nova_object.namespace': 'nova',
    'nova_object.version': '1.8',
  });
  expect(Object.keys(zed === undefined ? {} : data(zed)).toSorted()).toEqual(FIELDS);
  await stop();
  await start('2025.1');
  const epoxy = await sent();
  expect(epoxy?.payload['nova_object.version']).toBe('1.9');
  expect(Object.keys(epoxy === undefined ? {} : data(epoxy)).toSorted()).toEqual(
    [...FIELDS, 'shares'].toSorted(),
  );
});

test('the older format says the same under other names, and no power state', async () => {
  const { id, host } = await running();
  const queue = cloud.notifications.queue({ format: 'unversioned' });
  await os.compute.servers.stop({ id });
  await cloud.clock.advance('4s');
  const [begun, ended] = taken(queue);
  expect(begun).toMatchObject({
    event_type: 'compute.instance.power_off.start',
    publisher_id: `compute.${host}`,
    payload: { instance_id: id, state: 'active', state_description: 'powering-off', terminated_at: '' },
  });
  expect(ended?.payload).toMatchObject({ instance_id: id, state: 'stopped', state_description: '' });
  expect(ended?.payload).not.toHaveProperty('power_state');
});

test('a guest that shut itself down: nothing is told before Nova has noticed, and then by nobody', async () => {
  const { id } = await running();
  const queue = cloud.notifications.queue();
  const at = cloud.clock.now();
  cloud.guests.shutDown(id);
  await cloud.clock.advance('15m');
  const told = taken(queue);
  expect(told.map(({ event_type }) => event_type)).toEqual([
    'instance.power_off.start',
    'instance.power_off.end',
  ]);
  const [begun] = told;
  expect(Date.parse(`${begun?.timestamp.replace(' ', 'T')}Z`)).toBeGreaterThan(at);
  expect(begun === undefined ? {} : data(begun)).toMatchObject({
    power_state: 'shutdown',
    action_initiator_user: null,
  });
});

test('a creation, a reboot and a deletion; of a server on a host that is down, the API tells its deletion', async () => {
  const { id, host } = await running();
  const queue = cloud.notifications.queue();
  const events = (): string[] =>
    taken(queue).map(({ event_type, publisher_id }) => `${event_type} ${publisher_id}`);
  await os.compute.servers.reboot({ id, type: 'HARD' });
  await cloud.clock.advance('4s');
  const by = `nova-compute:${host}`;
  expect(events()).toEqual([`instance.reboot.start ${by}`, `instance.reboot.end ${by}`]);
  cloud.hosts.kill(host);
  await cloud.clock.advance('2m');
  await os.compute.servers.delete({ id });
  expect(events()).toEqual([
    'instance.delete.start nova-api:controller-1',
    'instance.delete.end nova-api:controller-1',
  ]);
});

test('who reads gets what waits and what comes; what was not done comes again, and none is sent before the queue is there', async () => {
  const { id } = await running();
  await os.compute.servers.pause({ id });
  const queue = cloud.notifications.queue();
  await cloud.clock.advance('4s');
  const stopping = new AbortController();
  const heard: string[] = [];
  const read = async (isDone: boolean): Promise<void> => {
    for await (const batch of queue.batches({ signal: stopping.signal })) {
      heard.push(...batch.messages.map((text) => opened(text).event_type));
      if (!isDone) return;
      await batch.done();
    }
  };
  await read(false);
  expect(heard).toEqual(['instance.pause.end']);
  const reading = read(true);
  await os.compute.servers.unpause({ id });
  await cloud.clock.advance('4s');
  stopping.abort();
  await reading;
  expect(heard).toEqual([
    'instance.pause.end',
    'instance.pause.end',
    'instance.unpause.start',
    'instance.unpause.end',
  ]);
  queue.close();
  await os.compute.servers.pause({ id });
  expect(queue.messages).toEqual([]);
});

test('a queue changes nothing else: the same seed makes the same cloud', async () => {
  const idsAfter = async (isHeard: boolean): Promise<string> => {
    await stop();
    await start();
    if (isHeard) cloud.notifications.queue();
    const { id } = await running();
    await os.compute.servers.stop({ id });
    await cloud.clock.advance('4s');
    return cloud.state.ids.uuid();
  };
  expect(await idsAfter(true)).toBe(await idsAfter(false));
});
