import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  connect,
  isDecodeError,
  isEndpointError,
  isInputError,
  isMicroversionError,
  type RetryEvent,
} from '../src/index.ts';
import { reply, type Script, scriptedServer, type Seen } from './scripted-server.ts';
import { TestClock } from './test-clock.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

type Server = Awaited<ReturnType<typeof scriptedServer>>;

const NOVA = { id: 'v2.1', status: 'CURRENT', links: [{ rel: 'self', href: '/compute/v2.1/' }] };

/** A cloud in one script: Keystone gives tokens, Nova answers what the test says. */
function cloudOf(nova: Script): { script: Script; tokens: () => number } {
  let tokens = 0;
  const script: Script = (response, request) => {
    const base = `http://${request.headers.host}`;
    if (request.url === '/v3/auth/tokens') {
      tokens += 1;
      const endpoints = [{ interface: 'public', region_id: 'RegionOne', url: `${base}/compute/v2.1` }];
      const token = {
        expires_at: '2026-01-01T01:00:00Z',
        issued_at: '2026-01-01T00:00:00Z',
        user: { id: 'u' },
        project: { id: 'p' },
        roles: [],
        catalog: [{ type: 'compute', name: 'nova', endpoints }],
      };
      return reply(201, { token }, { 'x-subject-token': `token-${tokens}` })(response, request);
    }
    if (request.url === '/compute/') return reply(200, { versions: [NOVA] })(response, request);
    return nova(response, request);
  };
  return { script, tokens: () => tokens };
}

const open = (server: Server, clock = new TestClock()) =>
  connect({
    auth: {
      auth_url: `${server.url}/v3`,
      username: 'u',
      password: 'p',
      project_name: 'p',
      user_domain_id: 'default',
      project_domain_id: 'default',
    },
    clock,
    random: () => 1,
  });

const tokenOf = (request: Seen): number => Number(/\d+/.exec(String(request.headers['x-auth-token']))?.[0]);

describe('tokens', () => {
  test('1,000 parallel calls that all get a 401 make one token request', async () => {
    const { script, tokens } = cloudOf((response, request) =>
      tokenOf(request) === 1
        ? reply(401, { error: { message: 'expired' } })(response, request)
        : reply(200, { keypairs: [] })(response, request),
    );
    await using server = await scriptedServer(script);
    const cloud = open(server);
    await cloud.token();
    expect(tokens()).toBe(1);
    await Promise.all(Array.from({ length: 1_000 }, () => Array.fromAsync(cloud.compute.keypairs.list())));
    expect(tokens()).toBe(2);
  });

  test('a second 401 with the new token is the answer: one renewal a request', async () => {
    const { script, tokens } = cloudOf(
      reply(401, { error: { code: 401, title: 'Unauthorized', message: 'no' } }),
    );
    await using server = await scriptedServer(script);
    const error = await Array.fromAsync(open(server).compute.keypairs.list()).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'unauthorized', attempts: 2 });
    expect(tokens()).toBe(2);
  });

  test('nothing is sent before the first call', async () => {
    await using server = await scriptedServer(reply(500));
    const cloud = open(server);
    expect(cloud.compute.servers).toBeDefined();
    expect(server.seen).toEqual([]);
  });
});

describe('lists', () => {
  test('100,000 servers pass through at flat memory', async () => {
    const [total, size] = [100_000, 1_000];
    const row = (index: number) => ({
      id: `s${index}`,
      name: `server-${index}`,
      links: [],
      filler: 'x'.repeat(400),
    });
    const { script } = cloudOf((response, request) => {
      const at = Number(new URL(request.url, 'http://x').searchParams.get('marker') ?? 0);
      const next = at + size;
      const links =
        next < total
          ? { servers_links: [{ rel: 'next', href: `http://elsewhere/v2.1/servers?marker=${next}` }] }
          : {};
      const servers = Array.from({ length: size }, (_, index) => row(at + index));
      return reply(200, { servers, ...links })(response, request);
    });
    await using server = await scriptedServer(script);
    const heap = new Map<number, number>();
    let count = 0;
    for await (const brief of open(server).compute.servers.listBrief()) {
      count += brief.id === '' ? 0 : 1;
      if (count === 20_000 || count === total) {
        collectGarbage();
        heap.set(count, process.memoryUsage().heapUsed);
      }
    }
    expect(count).toBe(total);
    // 80,000 more servers would be about 40 MB if anything kept them.
    expect((heap.get(total) ?? Infinity) - (heap.get(20_000) ?? 0)).toBeLessThan(10e6);
  });

  test('leaving the loop asks for no further page', async () => {
    const { script } = cloudOf(
      reply(200, {
        servers: [{ id: 'a', name: 'a', links: [] }],
        servers_links: [{ rel: 'next', href: 'http://x/servers?marker=a' }],
      }),
    );
    await using server = await scriptedServer(script);
    for await (const brief of open(server).compute.servers.listBrief()) {
      expect(brief.id).toBe('a');
      break;
    }
    expect(server.seen.filter((request) => request.url.startsWith('/compute'))).toHaveLength(1);
  });
});

describe('what a service answers', () => {
  let server: Server;
  let answer: Script;
  beforeEach(async () => {
    server = await scriptedServer(cloudOf((response, request) => answer(response, request)).script);
  });
  afterEach(() => server[Symbol.asyncDispose]());
  const get = () =>
    open(server)
      .compute.keypairs.get({ id: 'k' })
      .catch((caught: unknown) => caught);

  test('an HTML page instead of JSON: says what answered, and where to look', async () => {
    answer = reply(200, '<!DOCTYPE html><html><body>Log in</body></html>', { 'content-type': 'text/html' });
    const error = await get();
    expect(isDecodeError(error)).toBe(true);
    expect(error).toMatchObject({
      message: expect.stringContaining('an HTML page'),
      remedy: expect.stringContaining('proxy'),
    });
  });

  test('a field of another type: names it', async () => {
    answer = reply(200, { keypair: { name: 7 } });
    expect(await get()).toMatchObject({ code: 'decode', field: 'keypair.name', operation: 'keypairs.get' });
  });

  test('another microversion than the one asked for', async () => {
    answer = reply(200, { keypair: {} }, { 'openstack-api-version': 'compute 2.9' });
    expect(isMicroversionError(await get())).toBe(true);
  });

  test('an error: service, operation, status, request ids, fault and a curl without the token', async () => {
    answer = reply(
      404,
      { itemNotFound: { code: 404, message: 'Keypair k not found for user u' } },
      { 'x-openstack-request-id': 'req-42' },
    );
    const error = await get();
    expect(error).toMatchObject({
      code: 'not-found',
      service: 'compute',
      operation: 'keypairs.get',
      status: 404,
      requestIds: ['req-42'],
      microversion: '2.1',
      attempts: 1,
      fault: { type: 'itemNotFound', message: 'Keypair k not found for user u' },
    });
    expect((error as { curl: string }).curl).toMatch(
      /^curl -sS -i .*x-auth-token: \*\*\*.*\/compute\/v2\.1\/os-keypairs\/k'$/,
    );
  });
});

describe('arguments', () => {
  test('are checked before anything is sent, with the path of the field', async () => {
    await using server = await scriptedServer(reply(500));
    const { compute } = open(server);
    // @ts-expect-error there is no such argument
    const unknown = await compute.keypairs.get({ id: 'k', nmae: 'x' }).catch((caught: unknown) => caught);
    expect(isInputError(unknown)).toBe(true);
    expect(unknown).toMatchObject({ field: 'nmae', operation: 'keypairs.get' });
    await expect(compute.servers.get({ id: '..' })).rejects.toMatchObject({ code: 'input', field: 'id' });
    await expect(compute.servers.get({ id: '' })).rejects.toMatchObject({ code: 'input', field: 'id' });
    expect(server.seen).toEqual([]);
  });

  test('one that came later says which microversion it needs', async () => {
    await using server = await scriptedServer(reply(500));
    // @ts-expect-error tags came with 2.26
    await expect(Array.fromAsync(open(server).compute.servers.list({ tags: 'a' }))).rejects.toMatchObject({
      field: 'tags',
      remedy: "Pin the service: at('2.26').",
    });
  });

  test('segments are encoded', async () => {
    const { script } = cloudOf(reply(200, { keypair: { name: 'a/b', public_key: 'k', fingerprint: 'f' } }));
    await using server = await scriptedServer(script);
    await open(server)
      .compute.keypairs.get({ id: 'a/b?c' })
      .catch(() => undefined);
    expect(server.seen.at(-1)?.url).toBe('/compute/v2.1/os-keypairs/a%2Fb%3Fc');
  });
});

test('a catalogue without the service: lists what it has', async () => {
  await using server = await scriptedServer(cloudOf(reply(200)).script);
  const error = await open(server)
    .endpoint('image')
    .catch((caught: unknown) => caught);
  expect(isEndpointError(error)).toBe(true);
  expect(error).toMatchObject({ message: expect.stringContaining('compute'), remedy: expect.any(String) });
});

test('a raw request has retries, tokens and events like every other, under its own name', async () => {
  let times = 0;
  const { script } = cloudOf((response, request) =>
    reply((times += 1) === 1 ? 503 : 200, { thing: 1 })(response, request),
  );
  await using server = await scriptedServer(script);
  const cloud = open(server);
  const retries: RetryEvent[] = [];
  cloud.events.on('retry', (event) => retries.push(event));
  const answer = await cloud.request('compute', {
    path: 'os-new-thing',
    query: { a: ['1', '2'] },
    microversion: '2.96',
    operation: 'newThing.get',
  });
  expect(answer).toMatchObject({ status: 200, body: { thing: 1 }, attempts: 2 });
  expect(server.seen.at(-1)).toMatchObject({
    url: '/compute/v2.1/os-new-thing?a=1&a=2',
    headers: { 'openstack-api-version': 'compute 2.96' },
  });
  expect(retries).toMatchObject([{ operation: 'newThing.get', reason: '503' }]);
});

test('aborting a call leaves with the reason unchanged', async () => {
  await using server = await scriptedServer(cloudOf(() => undefined).script);
  const cloud = open(server);
  await cloud.token();
  const controller = new AbortController();
  const reason = { because: 'enough' };
  const call = cloud.compute.servers.get({ id: 'x' }, { signal: controller.signal });
  setImmediate(() => controller.abort(reason));
  await expect(call).rejects.toBe(reason);
});
