import { createServer, type RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  AuthError,
  type Cloud,
  ConfigError,
  EndpointError,
  type EndpointReason,
  connect,
  gapOf,
  InputError,
  MicroversionError,
  NotFoundError,
  observe,
  observeList,
  PaginationError,
  StallError,
} from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

let compute: RequestListener;
let server: Awaited<ReturnType<typeof listening>>;
let cloud: Cloud;
beforeEach(async () => {
  server = await listening(createServer(cloudListener((request, response) => compute(request, response))));
  cloud = connect({
    ...credentials(`http://127.0.0.1:${server.port}/v3`),
    clock: new TestClock(),
    retries: 1,
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const now = () => Date.UTC(2026, 0, 1, 12);
const keypairs = (options = {}) =>
  observeList('compute keypairs', cloud.compute.keypairs.list({}, options), { now });
const KEYPAIR = { keypair: { name: 'k', public_key: 'p', fingerprint: 'f' } };
const status =
  (code: number): RequestListener =>
  (_, response) =>
    json(
      response,
      code,
      { computeFault: { code, message: 'because' } },
      { 'x-openstack-request-id': `req-${code}` },
    );

test('all there: complete, with when and whence', async () => {
  compute = (_, response) => json(response, 200, { keypairs: [KEYPAIR] });
  expect(await keypairs()).toEqual({
    value: [expect.objectContaining({ name: 'k' })],
    at: '2026-01-01T12:00:00.000Z',
    source: 'compute keypairs',
    completeness: 'complete',
    gaps: [],
  });
  compute = (_, response) => json(response, 200, { keypairs: [] });
  expect(await keypairs()).toMatchObject({ value: [], completeness: 'complete' });
});

describe('a list that cannot be had is not an empty list:', () => {
  test.each([
    [403, 'denied', 'denied'],
    [404, 'unsupported', 'unsupported'],
    [501, 'unsupported', 'unsupported'],
    [400, 'failed', 'failed'],
    [401, 'failed', 'failed'],
    [413, 'failed', 'failed'],
    [429, 'failed', 'failed'],
    [500, 'failed', 'failed'],
    [503, 'failed', 'failed'],
  ] as const)('%i is %s', async (code, completeness, kind) => {
    compute = status(code);
    const seen = await keypairs();
    expect(seen).toMatchObject({ value: [], completeness, gaps: [{ what: 'compute keypairs', kind }] });
    expect(seen.gaps[0]?.why).toContain(String(code));
    expect(seen.gaps[0]?.requestIds).toContain(`req-${code}`);
  });

  test('a connection that breaks', async () => {
    compute = (request) => request.socket.resetAndDestroy();
    expect(await keypairs()).toMatchObject({
      completeness: 'failed',
      gaps: [{ kind: 'failed', remedy: expect.any(String) }],
    });
  });

  test('a timeout', async () => {
    compute = () => undefined;
    expect(await keypairs({ timeout: 30, retries: 0 })).toMatchObject({
      completeness: 'failed',
      gaps: [{ kind: 'failed' }],
    });
  });

  test('a web page instead of an answer', async () => {
    compute = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    expect(await keypairs()).toMatchObject({
      completeness: 'failed',
      gaps: [{ kind: 'cut', remedy: expect.stringContaining('proxy') }],
    });
  });

  test('a service that is not in the catalogue', async () => {
    const seen = await observeList('networks', cloud.network.networks.list(), { now });
    expect(seen).toMatchObject({
      value: [],
      completeness: 'unsupported',
      gaps: [{ kind: 'unsupported', why: expect.stringContaining('network') }],
    });
  });

  test('a microversion that the service does not speak', async () => {
    compute = (_, response) =>
      json(response, 406, { computeFault: { message: 'minimum is 2.1 and maximum is 2.60' } });
    expect(await observe('usage', cloud.compute.at('2.96').keypairs.get({ id: 'k' }))).toMatchObject({
      value: undefined,
      completeness: 'unsupported',
    });
  });
});

describe('a list that breaks off keeps what was read:', () => {
  const link = (path: string) => ({
    servers_links: [{ rel: 'next', href: `http://it/v2.1/${path}?marker=a` }],
  });
  const SERVER = { id: 'a', name: 'web', links: [] };
  const first: RequestListener = (_, response) =>
    json(response, 200, { servers: [SERVER], ...link('servers') });
  const paged = (second: RequestListener) => {
    compute = (request, response) => (request.url?.includes('marker') ? second : first)(request, response);
    return observeList('servers', cloud.compute.servers.listBrief());
  };

  test.each([
    ['denied', status(403), 'denied'],
    ['failing', status(500), 'failed'],
    ['a cut-off page', (_, response) => response.writeHead(200).end('{"servers": [{'), 'cut'],
    ['an item that does not fit', (_, response) => json(response, 200, { servers: [{ id: 7 }] }), 'cut'],
    [
      'a page that leads to itself',
      (_, response) => json(response, 200, { servers: [], ...link('servers') }),
      'cut',
    ],
    ['a page elsewhere', (_, response) => json(response, 200, { servers: [], ...link('other') }), 'cut'],
  ] as [string, RequestListener, string][])('%s', async (_, second, kind) => {
    expect(await paged(second)).toMatchObject({
      value: [expect.objectContaining({ name: 'web' })],
      completeness: 'partial',
      gaps: [{ kind }],
    });
  });
});

describe('one thing', () => {
  test('is there, or undefined with a gap; also by a function', async () => {
    compute = (_, response) =>
      json(response, 200, { server_group: { id: 'g', name: 'g', policies: [], members: [], metadata: {} } });
    const read = () => cloud.compute.serverGroups.get({ id: 'g' });
    expect(await observe('g', read, { now })).toMatchObject({
      value: { name: 'g' },
      at: '2026-01-01T12:00:00.000Z',
      completeness: 'complete',
    });
    compute = status(403);
    expect(await observe('g', read())).toMatchObject({
      value: undefined,
      completeness: 'denied',
      gaps: [{ kind: 'denied', requestIds: ['req-403'] }],
    });
  });
});

describe('what is no failure of a cloud is thrown:', () => {
  async function* failing(error: unknown): AsyncGenerator<number> {
    yield 1;
    throw error;
  }
  const mistakes: unknown[] = [
    new TypeError('x is undefined'),
    new RangeError('too deep'),
    Object.assign(new Error('ENOENT'), { code: 'ENOENT' }),
    new DOMException('aborted', 'AbortError'),
    new InputError('nmae: no such argument', { field: 'nmae', operation: 'x' }),
    'text',
    undefined,
  ];
  test.each(mistakes)('%s', async (error) => {
    await expect(observeList('it', failing(error))).rejects.toBe(error);
    const reading = async () => {
      throw error;
    };
    await expect(observe('it', reading)).rejects.toBe(error);
  });

  test('an abort, with its reason', async () => {
    compute = status(200);
    const reason = { because: 'enough' };
    await expect(keypairs({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    compute = () => controller.abort(reason);
    await expect(keypairs({ signal: controller.signal })).rejects.toBe(reason);
  });

  test('arguments that the record does not take', async () => {
    const list = cloud.compute.keypairs.list({ nmae: 'x' });
    await expect(observeList('it', list)).rejects.toMatchObject({ code: 'input' });
  });
});

test.each([
  [new AuthError('refused', { url: 'http://it', requestIds: ['req-1'] }), 'failed', ['req-1']],
  [new ConfigError('cacert: cannot be read'), 'failed', []],
  [microversionError('not-in-version'), 'unsupported', []],
  [microversionError('refused', { min: '2.1', max: '2.93' }), 'unsupported', []],
  // A proxy's 406 tells no range, and one that drops headers has the answer altered.
  [microversionError('refused'), 'failed', []],
  [microversionError('altered'), 'failed', []],
  [endpointError('no-service'), 'unsupported', []],
  [endpointError('no-version'), 'unsupported', []],
  [endpointError('no-catalog'), 'failed', []],
  [endpointError('elsewhere'), 'failed', []],
  [endpointError('silent'), 'failed', []],
  [endpointError('unusable'), 'failed', []],
  [new PaginationError('cut', { reason: 'truncated', operation: 'users.list' }), 'cut', []],
  [new NotFoundError('no server web'), 'failed', []],
  [new StallError('no byte'), 'failed', []],
] as const)('the gap of %s is %s', (error, kind, requestIds) => {
  expect(gapOf('it', error)).toEqual({
    what: 'it',
    kind,
    why: error.message,
    remedy: error.remedy,
    requestIds,
  });
});

test('an error that is no gap comes out of gapOf as it is', () => {
  const error = new TypeError('x');
  expect(() => gapOf('it', error)).toThrow(error);
});

function microversionError(
  reason: MicroversionError['reason'],
  supported?: MicroversionError['supported'],
): MicroversionError {
  return new MicroversionError(reason, { service: 'compute', asked: '2.96', reason, supported });
}

function endpointError(reason: EndpointReason): EndpointError {
  return new EndpointError(reason, { service: 'compute', reason });
}
