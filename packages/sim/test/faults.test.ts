import { connect, isConflict, isServerError } from '@groundcrew/core';
import { setupServer } from 'msw/node';
import { afterEach, expect, test } from 'vitest';
import { handlers } from '../src/transports/msw.ts';
import {
  ConnectionReset,
  htmlPage,
  latency,
  reset,
  revokeToken,
  simulateCloud,
  type SimulatedCloud,
  status,
  truncate,
} from '../src/index.ts';
import { Client } from './client.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const closable of open.splice(0)) await closable.close();
});

const client = async (cloud: SimulatedCloud) => new Client(cloud).login();

test('only so many requests fail, in the words of the service', async () => {
  const cloud = simulateCloud();
  const nova = await client(cloud);
  const fault = cloud.fault({
    match: { service: 'compute', path: '/servers/detail' },
    first: 2,
    reply: status(503, { retryAfter: 1 }),
  });
  const statuses = [];
  for (let index = 0; index < 3; index += 1) statuses.push((await nova.nova('GET', 'servers/detail')).status);
  expect(statuses).toEqual([503, 503, 200]);
  expect(fault.struck).toBe(2);
  expect(cloud.requests.count({ service: 'compute', status: 503 })).toBe(2);
  expect(() => cloud.requests.expectNone({ service: 'compute' })).toThrow(/saw 3/);
  cloud.requests.expectNone({ method: 'DELETE' });
});

test('reset, truncated, HTML, late, and without a token', async () => {
  const cloud = simulateCloud();
  const nova = await client(cloud);
  const once = (reply: Parameters<typeof cloud.fault>[0]['reply']) =>
    cloud.fault({ match: { service: 'compute' }, first: 1, reply });
  once(reset());
  await expect(nova.nova('GET', 'servers')).rejects.toThrow(ConnectionReset);
  once(truncate(5));
  expect((await nova.nova('GET', 'servers')).text).toBe('{"ser');
  once(htmlPage());
  expect(await nova.nova('GET', 'servers')).toMatchObject({
    status: 502,
    text: expect.stringContaining('<html>'),
  });
  const before = cloud.clock.now();
  once(latency('3s'));
  await nova.nova('GET', 'servers');
  expect(cloud.clock.now() - before).toBe(3000);
  once(revokeToken());
  expect((await nova.nova('GET', 'servers')).status).toBe(401);
  expect((await nova.nova('GET', 'servers')).status).toBe(401);
});

test('the socket: a client of ours gets through a reset and a 503, and its waits take no time', async () => {
  const cloud = simulateCloud({ seed: 2 });
  const { connectOptions } = await cloud.listen();
  open.push(cloud);
  const os = connect({ ...connectOptions, clock: cloud.clock });
  open.push(os);
  const ofReads = { service: 'blockStorage', method: 'GET' };
  const passing = [
    cloud.fault({ match: ofReads, first: 1, reply: reset() }),
    cloud.fault({ match: ofReads, skip: 1, first: 1, reply: status(503, { retryAfter: 5 }) }),
  ];
  const volume = await os.blockStorage.volumes.create({ size: 1 });
  expect((await os.blockStorage.volumes.waitFor(volume.id, 'available')).status).toBe('available');
  expect(passing.map(({ struck }) => struck)).toEqual([1, 1]);
  cloud.fault({ match: ofReads, reply: status(503) });
  const error = await os.blockStorage.volumes
    .get({ id: volume.id }, { retries: 1 })
    .catch((caught: unknown) => caught);
  expect(isServerError(error)).toBe(true);
});

test('the socket: a refusal that comes before the body was read does not hold the client up', async () => {
  const cloud = simulateCloud();
  const { connectOptions } = await cloud.listen();
  open.push(cloud);
  const os = connect({ ...connectOptions, clock: cloud.clock });
  open.push(os);
  const image = await os.image.images.create({ name: 'i', disk_format: 'raw', container_format: 'bare' });
  const bytes = new Uint8Array(3_000_000);
  await os.image.data.upload({ id: image.id }, bytes);
  const twice = await os.image.data.upload({ id: image.id }, bytes).catch((caught: unknown) => caught);
  expect(isConflict(twice)).toBe(true);
}, 3000);

test('msw: the same cloud without a socket', async () => {
  const cloud = simulateCloud();
  const server = setupServer(...handlers(cloud));
  server.listen({ onUnhandledFrame: 'error' });
  open.push(server);
  const reply = await fetch('http://sim.groundcrew.example/identity/v3/');
  expect(((await reply.json()) as { version: { id: string } }).version.id).toBe('v3.14');
  cloud.fault({ match: {}, first: 1, reply: reset() });
  await expect(fetch('http://sim.groundcrew.example/compute/')).rejects.toThrow(/fetch/i);
  expect((await fetch('http://sim.groundcrew.example/compute/')).status).toBe(200);
});
