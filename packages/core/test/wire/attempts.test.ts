import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Cloud, CloudEvents, ConnectOptions } from '../../src/index.ts';
import { connect } from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { CONTENT, siteWithGlance } from '../services/scripted-glance.ts';
import { reply, reset, type Script, scriptedServer, silent, truncated } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';

const KEYPAIR = { keypair: { name: 'k', public_key: 'p', fingerprint: 'f', user_id: 'u' } };
const answer = reply(200, KEYPAIR, { 'x-openstack-request-id': 'req-1' });

/** Promises a body, and sends none of it. */
const stalled: Script = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'x-openstack-request-id': 'req-1' });
  response.write('{');
};

type Told = { readonly name: keyof CloudEvents } & Record<string, unknown>;

/** A cloud whose compute service answers by a script, and what it told of its attempts there. */
async function scripted(steps: Script[], options: ConnectOptions = {}) {
  const server = await scriptedServer(...steps);
  const cloud = connect({
    ...credentials('http://127.0.0.1:1/v3'),
    auth_type: 'none',
    endpoint_override: { compute: `${server.url}/v2.1` },
    clock: new TestClock(),
    ...options,
  });
  const told: Told[] = [];
  for (const name of ['request', 'response', 'failure', 'abort', 'retry'] as const)
    cloud.events.on(name, (event: object) => void told.push({ name, ...event }));
  const stop = async (): Promise<void> => {
    await cloud.close();
    await server[Symbol.asyncDispose]();
  };
  return { cloud, server, told, [Symbol.asyncDispose]: stop };
}

const get = (cloud: Cloud, options = {}) => cloud.compute.keypairs.get({ id: 'k' }, options);
const outcome = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: unknown) => error,
  );
const names = (told: readonly Told[]): string => told.map(({ name }) => name).join(' ');

/** What holds of whatever was told: each attempt has one start, then one end, and nothing else but a retry. */
function expectWhole(told: readonly Told[]): void {
  const ids = new Set(told.map((event) => event['id']));
  for (const id of ids) {
    const own = told.filter((event) => event['id'] === id);
    expect(names(own)).toMatch(/^request (response|failure|abort)( retry)?$/);
    expect(new Set(own.map((event) => event['attempt'])).size).toBe(1);
  }
}

describe('an attempt ends once:', () => {
  test('with an answer', async () => {
    await using at = await scripted([answer]);
    await get(at.cloud);
    expectWhole(at.told);
    expect(at.told).toMatchObject([
      { name: 'request', id: 1, operation: 'keypairs.get', route: 'os-keypairs/{id}', attempt: 1 },
      { name: 'response', id: 1, attempt: 1, status: 200, requestId: 'req-1' },
    ]);
    const { durationMs, headAfterMs } = at.told[1] as unknown as CloudEvents['response'][0];
    expect(durationMs).toBeGreaterThanOrEqual(headAfterMs);
    expect(headAfterMs).toBeGreaterThan(0);
  });

  test.each([
    ['a reset', reset, { name: 'failure', code: 'unreachable', status: undefined }],
    [
      'a body that breaks off',
      truncated('{'),
      { name: 'failure', code: 'unreachable', reason: 'UND_ERR_SOCKET', status: 200 },
    ],
    ['no head in time', silent, { name: 'failure', code: 'timeout', reason: 'timeout', status: undefined }],
    [
      'no end of the body in time',
      stalled,
      { name: 'failure', code: 'timeout', status: 200, requestId: 'req-1' },
    ],
  ])('with %s', async (_, step, end) => {
    await using at = await scripted([step], { retries: 0, timeout: end.code === 'timeout' ? 500 : 20_000 });
    const error = await outcome(get(at.cloud));
    expectWhole(at.told);
    expect(at.told).toMatchObject([
      { name: 'request', id: 1 },
      { id: 1, ...end },
    ]);
    expect(at.told[1]?.['durationMs']).toBeGreaterThan(0);
    expect(error).toMatchObject({ code: end.code });
  });

  test('with a body that is too large', async () => {
    await using at = await scripted([answer], { maxBody: 10 });
    await expect(get(at.cloud)).rejects.toMatchObject({ code: 'too-large' });
    expect(at.told).toMatchObject([{ name: 'request' }, { name: 'failure', code: 'too-large', status: 200 }]);
  });

  test('with nobody there', async () => {
    const gone = await scripted([answer], { retries: 1 });
    await gone.server[Symbol.asyncDispose]();
    await expect(get(gone.cloud)).rejects.toMatchObject({ code: 'unreachable', attempts: 2 });
    expectWhole(gone.told);
    expect(names(gone.told)).toBe('request failure retry request failure');
    expect(gone.told[1]).toMatchObject({ reason: 'ECONNREFUSED', attempt: 1 });
  });

  test('with a certificate that cannot be read', async () => {
    await using at = await scripted([answer], { cacert: '/nowhere/ca.pem' });
    await expect(get(at.cloud)).rejects.toMatchObject({ code: 'config' });
    expect(at.told).toMatchObject([{ name: 'request' }, { name: 'failure', code: 'config' }]);
  });

  test.each([
    ['before the head', silent, undefined],
    ['in the middle of the body', stalled, 200],
  ])('with the abort of its signal %s', async (_, step, status) => {
    await using at = await scripted([step]);
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = outcome(get(at.cloud, { signal: controller.signal }));
    await expect.poll(() => at.server.seen).toHaveLength(1);
    // The head, if there is one, must have come.
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(at.told).toMatchObject([
      { name: 'request', id: 1 },
      { name: 'abort', id: 1, status },
    ]);
  });

  test('with the abort by a listener of its own start', async () => {
    await using at = await scripted([answer]);
    const controller = new AbortController();
    at.cloud.events.on('request', () => controller.abort('no'));
    expect(await outcome(get(at.cloud, { signal: controller.signal }))).toBe('no');
    expect(names(at.told)).toBe('request abort');
  });
});

test('a signal aborted before starts no attempt, and one aborted in the pause starts no other', async () => {
  await using at = await scripted([reply(503)]);
  expect(await outcome(get(at.cloud, { signal: AbortSignal.abort('no') }))).toBe('no');
  expect(at.told).toEqual([]);
  const controller = new AbortController();
  at.cloud.events.on('retry', () => controller.abort('no'));
  expect(await outcome(get(at.cloud, { signal: controller.signal }))).toBe('no');
  expect(names(at.told)).toBe('request response retry');
});

test('every attempt of a call has its own id, and its number', async () => {
  await using at = await scripted([reset, truncated('{'), reply(503), silent, answer], { timeout: 2_000 });
  await get(at.cloud);
  expectWhole(at.told);
  const ends = at.told.filter(({ name }) => name !== 'request' && name !== 'retry');
  expect(ends.map(({ id, attempt, name }) => ({ id, attempt, name }))).toEqual([
    { id: 1, attempt: 1, name: 'failure' },
    { id: 2, attempt: 2, name: 'failure' },
    { id: 3, attempt: 3, name: 'response' },
    { id: 4, attempt: 4, name: 'failure' },
    { id: 5, attempt: 5, name: 'response' },
  ]);
  expect(at.told.filter(({ name }) => name === 'retry').map(({ id }) => id)).toEqual([1, 2, 3, 4]);
});

test('calls at once do not mix', async () => {
  await using at = await scripted([answer, reset, answer, reply(503), silent, answer], { timeout: 200 });
  await Promise.all(Array.from({ length: 20 }, () => outcome(get(at.cloud))));
  expectWhole(at.told);
  expect(at.told.filter(({ name }) => name === 'request').length).toBeGreaterThanOrEqual(20);
});

test('a renewed token does not begin the count anew', async () => {
  let calls = 0;
  await using server = await listening(
    createServer(
      cloudListener((_, response) => {
        calls += 1;
        if (calls === 1) json(response, 401, { error: { code: 401, title: 'Unauthorized', message: 'no' } });
        else if (calls === 2) response.socket?.resetAndDestroy();
        else json(response, 200, KEYPAIR);
      }),
    ),
  );
  await using cloud = connect({
    ...credentials(`http://127.0.0.1:${server.port}/v3`),
    clock: new TestClock(),
  });
  const told: Told[] = [];
  for (const name of ['request', 'response', 'failure', 'abort', 'retry'] as const)
    cloud.events.on(name, (event: object) => void told.push({ name, ...event }));
  await get(cloud);
  expectWhole(told);
  const own = told.filter(({ operation }) => operation === 'keypairs.get');
  expect(own.map(({ name, attempt }) => `${name} ${String(attempt)}`)).toEqual([
    'request 1',
    'response 1',
    'request 2',
    'failure 2',
    'retry 2',
    'request 3',
    'response 3',
  ]);
});

test('the bytes of a download are for the caller to read: its attempt ends with the head', async () => {
  const site = await siteWithGlance();
  try {
    await site.cloud.image.data.upload({ id: 'i' }, CONTENT);
    const told: Told[] = [];
    for (const name of ['request', 'response', 'failure', 'abort'] as const)
      site.cloud.events.on(name, (event: object) => void told.push({ name, ...event }));
    const bytes = site.cloud.image.data.download({ id: 'i' })[Symbol.asyncIterator]();
    await bytes.next();
    const own = told.filter(({ operation }) => operation === 'data.download');
    expect(names(own)).toBe('request response');
    await bytes.return?.();
    expectWhole(told);
  } finally {
    await site.close();
  }
});
