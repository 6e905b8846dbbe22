import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cloud, connect, isWaitError, type RetryEvent, type WaitEvent } from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

/** What a look at the server brings: its status, a status of HTTP, or fields of its own. The last one repeats. */
type Look = string | number | Record<string, unknown>;

let looks: Look[];
let asked: number;
let server: Awaited<ReturnType<typeof listening>>;
let cloud: Cloud;
let clock: TestClock;
let seen: WaitEvent[];
beforeEach(async () => {
  asked = 0;
  seen = [];
  clock = new TestClock();
  const listener = cloudListener((_, response) => {
    const look = looks[Math.min(asked, looks.length - 1)] ?? 500;
    asked += 1;
    if (typeof look === 'number') json(response, look, { computeFault: { code: look, message: 'said so' } });
    else json(response, 200, { server: serverOf(typeof look === 'string' ? { status: look } : look) });
  });
  server = await listening(createServer(listener));
  cloud = connect({ ...credentials(`http://127.0.0.1:${server.port}/v3`), clock, random: () => 1 });
  cloud.events.on('wait', (event) => seen.push(event));
});
afterEach(() => server[Symbol.asyncDispose]());

const serverOf = (fields: Record<string, unknown>): object => ({
  id: 's',
  name: 'web',
  status: 'BUILD',
  tenant_id: 'p',
  user_id: 'u',
  metadata: {},
  hostId: '',
  image: '',
  flavor: { id: '1', links: [] },
  created: '2026-01-01T00:00:00Z',
  updated: '2026-01-01T00:00:00Z',
  addresses: {},
  accessIPv4: '',
  accessIPv6: '',
  links: [],
  progress: 0,
  config_drive: '',
  key_name: null,
  'OS-DCF:diskConfig': 'AUTO',
  ...fields,
});
const caught = (error: unknown): unknown => error;

describe('waitFor', () => {
  test('returns the resource in the state that was wanted, and tells of each look', async () => {
    looks = ['BUILD', 'BUILD', 'ACTIVE'];
    expect(await cloud.compute.servers.waitFor('s', 'ACTIVE')).toMatchObject({ id: 's', status: 'ACTIVE' });
    expect(seen).toEqual([
      { operation: 'compute servers', id: 's', state: 'BUILD', waitedMs: 0 },
      { operation: 'compute servers', id: 's', state: 'BUILD', waitedMs: 1_000 },
      { operation: 'compute servers', id: 's', state: 'ACTIVE', waitedMs: 2_500 },
    ]);
  });

  test('one state of several, whatever its case, of a resource that is given by its arguments', async () => {
    looks = ['SHUTOFF'];
    // @ts-expect-error mixed case is taken at run time only
    const shut = await cloud.compute.servers.waitFor({ id: 's' }, ['active', 'Shutoff']);
    expect(shut).toMatchObject({ status: 'SHUTOFF' });
    expect(clock.slept).toEqual([]);
  });

  test('looks less often as time goes by, as far as maxInterval', async () => {
    looks = ['BUILD', 'BUILD', 'BUILD', 'BUILD', 'BUILD', 'ACTIVE'];
    await cloud.compute.servers.waitFor('s', 'ACTIVE', { interval: 100, maxInterval: 200 });
    expect(clock.slept).toEqual([100, 150, 200, 200, 200]);
  });

  test('a failure state: the error has what was seen, the resource, and the service’s own words', async () => {
    looks = [
      'BUILD',
      {
        status: 'ERROR',
        fault: { code: 500, message: 'No valid host was found.', created: '2026-01-01T00:00:00Z' },
      },
    ];
    const error = await cloud.compute.servers.waitFor('s', 'ACTIVE').catch(caught);
    expect(isWaitError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'wait-failed',
      message: 'compute servers s is ERROR, wanted active; saw BUILD ×1, ERROR ×1: No valid host was found.',
      seen: [
        { state: 'BUILD', times: 1 },
        { state: 'ERROR', times: 1 },
      ],
      last: { status: 'ERROR' },
    });
  });

  test('failure states may be others, and the one that is wanted is none', async () => {
    looks = ['SHUTOFF'];
    await expect(
      cloud.compute.servers.waitFor('s', 'ACTIVE', { failure: ['shutoff'] }),
    ).rejects.toMatchObject({ code: 'wait-failed' });
    looks = ['ERROR', 'ACTIVE'];
    asked = 0;
    expect(await cloud.compute.servers.waitFor('s', 'ERROR')).toMatchObject({ status: 'ERROR' });
    asked = 0;
    expect(await cloud.compute.servers.waitFor('s', 'ACTIVE', { failure: [] })).toMatchObject({
      status: 'ACTIVE',
    });
  });

  test('patience that runs out: says for what it waited, and what it saw instead', async () => {
    looks = ['BUILD', 'REBUILD', 'REBUILD'];
    const error = await cloud.compute.servers.waitFor('s', 'ACTIVE', { patience: 10_000 }).catch(caught);
    expect(error).toMatchObject({
      code: 'wait-timeout',
      message: expect.stringMatching(
        /^waited 10000 ms for compute servers s to be active; saw BUILD ×1, REBUILD ×\d+$/,
      ),
      remedy: expect.stringContaining('patience'),
      last: { status: 'REBUILD' },
    });
    expect(clock.slept.reduce((sum, delay) => sum + delay)).toBeLessThanOrEqual(10_000);
  });

  test('no patience at all: one look', async () => {
    looks = ['BUILD'];
    await expect(cloud.compute.servers.waitFor('s', 'ACTIVE', { patience: 0 })).rejects.toMatchObject({
      code: 'wait-timeout',
    });
    expect(asked).toBe(1);
  });

  test('a passing 503 is not the end', async () => {
    looks = ['BUILD', 503, 503, 'ACTIVE'];
    const retried: RetryEvent[] = [];
    cloud.events.on('retry', (event) => retried.push(event));
    expect(await cloud.compute.servers.waitFor('s', 'ACTIVE')).toMatchObject({ status: 'ACTIVE' });
    expect(retried.map(({ reason }) => reason)).toEqual(['503', '503']);
  });

  test('a resource that is gone, or not for this user, is the service’s error', async () => {
    looks = ['BUILD', 404];
    await expect(cloud.compute.servers.waitFor('s', 'ACTIVE')).rejects.toMatchObject({
      code: 'not-found',
      status: 404,
    });
    looks = [403];
    await expect(cloud.compute.servers.waitFor('s', 'ACTIVE')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('waitGone', () => {
  test('ends with the 404', async () => {
    looks = ['ACTIVE', 'ACTIVE', 404];
    expect(await cloud.compute.servers.waitGone('s')).toBeUndefined();
    expect(seen.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  test('a server that was in ERROR before is deleted like any other', async () => {
    looks = ['ERROR', 'ERROR', 404];
    await cloud.compute.servers.waitGone('s');
    expect(asked).toBe(3);
  });

  test('one that comes into ERROR is not going', async () => {
    looks = [
      'ACTIVE',
      { status: 'ERROR', fault: { code: 500, message: 'libvirt is away', created: '2026-01-01T00:00:00Z' } },
    ];
    await expect(cloud.compute.servers.waitGone('s')).rejects.toMatchObject({
      code: 'wait-failed',
      message: expect.stringContaining('wanted gone; saw ACTIVE ×1, ERROR ×1: libvirt is away'),
    });
  });

  test('patience runs out', async () => {
    looks = ['ACTIVE'];
    await expect(cloud.compute.servers.waitGone('s', { patience: 5_000 })).rejects.toMatchObject({
      code: 'wait-timeout',
      message: expect.stringContaining('to be gone'),
    });
  });

  test('403 is not gone', async () => {
    looks = [403];
    await expect(cloud.compute.servers.waitGone('s')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('aborting', () => {
  test.each(['waitFor', 'waitGone'] as const)(
    '%s ends with the reason unchanged, between two looks',
    async (method) => {
      looks = ['ACTIVE'];
      const controller = new AbortController();
      const reason = { because: 'enough' };
      cloud.events.on('wait', ({ waitedMs }) => waitedMs > 0 && controller.abort(reason));
      const { servers } = cloud.compute;
      const { signal } = controller;
      const wait =
        method === 'waitFor'
          ? servers.waitFor('s', 'SHUTOFF', { signal })
          : servers.waitGone('s', { signal });
      await expect(wait).rejects.toBe(reason);
      expect(asked).toBe(2);
    },
  );
});

test('a backup has its reason under another name', async () => {
  const backup = {
    id: 'b',
    name: null,
    description: null,
    status: 'error',
    fail_reason: 'no space',
    volume_id: 'v',
    size: 1,
    object_count: 0,
    container: null,
    availability_zone: null,
    is_incremental: false,
    has_dependent_backups: false,
    created_at: '2026-01-01T00:00:00Z',
  };
  await using cinder = await listening(
    createServer(cloudListener((_, response) => json(response, 200, { backup }))),
  );
  const url = `http://127.0.0.1:${cinder.port}`;
  const other = connect({
    ...credentials(`${url}/v3`),
    clock,
    endpoint_override: { 'block-storage': `${url}/volume/v3/p` },
  });
  const error = await other.blockStorage.backups.waitFor('b', 'available').catch(caught);
  expect(error).toMatchObject({ code: 'wait-failed', message: expect.stringContaining(': no space') });
});
