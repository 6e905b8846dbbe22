import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readConversation, recordConversation } from '../../src/conversation.ts';
import { connect, type ConnectOptions } from '../../src/index.ts';
import { cloudOfRoutes } from '../foreign/cloud-of-routes.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';
import { recording } from './recording.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'conversation-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ID = 'req-725e86ee-efd7-4170-9fe0-52127e0f2aea';

/** A cloud behind one port, whose services answer by the listener, and a client of it. */
async function cloudAt(services: RequestListener, options: ConnectOptions) {
  const server = await listening(createServer(cloudListener(services)));
  const cloud = connect({
    ...credentials(`http://127.0.0.1:${server.port}/v3`),
    clock: new TestClock(),
    random: () => 1,
    retries: 0,
    ...options,
  });
  return { cloud, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('each request on the wire is a line of a file, and is read again as it was', async () => {
  const file = path.join(folder, 'run.jsonl');
  const seen: unknown[] = [];
  {
    using conversation = recordConversation({ to: file, clock: new TestClock() });
    let asked = 0;
    await using site = await cloudOfRoutes(
      { compute: '@/compute/v2.1' },
      () => {
        asked += 1;
        return asked === 1
          ? { status: 503, headers: { 'retry-after': '1' }, body: 'down for maintenance' }
          : {
              headers: { 'x-openstack-request-id': ID, 'openstack-api-version': 'compute 2.96' },
              body: { servers: [] },
            };
      },
      { fetch: conversation.fetch, retries: 1 },
    );
    const { compute } = site.cloud;
    seen.push(...(await Array.fromAsync(compute.at('2.96').servers.list({ status: 'ERROR' }))));
    expect(conversation).toMatchObject({ recorded: 3, lost: 0 });
  }
  expect(seen).toEqual([]);
  // Not for everybody: it is what a cloud answered.
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  const { exchanges, isCut } = readConversation(text);
  expect(isCut).toBe(false);
  expect(text).toBe(exchanges.map((exchange) => `${JSON.stringify(exchange)}\n`).join(''));
  const [login, refused, answered] = exchanges;
  expect(login).toMatchObject({
    version: 1,
    at: '2026-01-01T00:00:00.000Z',
    service: 'identity',
    operation: 'tokens.create',
    method: 'POST',
    request: { body: { left: 'secret' } },
    answer: {
      status: 201,
      headers: { 'x-subject-token': '***' },
      body: { json: { token: { user: { id: 'u' } } } },
    },
  });
  expect(login).not.toHaveProperty('endpoint');
  expect(refused).toMatchObject({
    service: 'compute',
    operation: 'servers.list',
    microversion: '2.96',
    answer: { status: 503, headers: { 'retry-after': '1' }, body: { text: 'down for maintenance' } },
  });
  expect(answered).toMatchObject({
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/compute\/v2\.1$/),
    url: expect.stringMatching(/\/compute\/v2\.1\/servers\/detail\?status=ERROR$/),
    id: expect.stringMatching(/^req-[0-9a-f-]{36}$/),
    durationMs: expect.any(Number),
    request: { headers: { 'x-auth-token': '***', 'openstack-api-version': 'compute 2.96' } },
    answer: { status: 200, requestId: ID, body: { json: { servers: [] } } },
  });
  expect(answered?.id).not.toBe(refused?.id);
});

describe('what does not come, or not to its end', () => {
  const ends: readonly (readonly [string, RequestListener, ConnectOptions, object])[] = [
    [
      'the connection breaks',
      (request) => void request.socket.destroy(),
      {},
      { failure: { kind: 'unreachable', reason: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) } },
    ],
    ['nothing comes', () => undefined, { timeout: 100 }, { failure: { kind: 'timeout', reason: 'timeout' } }],
    [
      'the answer breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"servers": [', () => response.destroy());
      },
      {},
      {
        failure: { kind: 'cut-off' },
        answer: { status: 200, body: { text: '{"servers": [', isCut: true } },
      },
    ],
    [
      'the answer is larger than the client takes',
      (_, response) => json(response, 200, { servers: 'x'.repeat(5000) }),
      { maxBody: 1000 },
      { answer: { status: 200, body: { left: 'unread' } } },
    ],
  ];
  test.each(ends)('%s', async (_, services, options, expected) => {
    const { fetch, exchanges } = recording();
    await using site = await cloudAt(services, { fetch, ...options });
    await expect(site.cloud.compute.servers.get({ id: 'x' })).rejects.toThrow(/servers\.get/);
    expect(exchanges.at(-1)).toMatchObject({ operation: 'servers.get', ...expected });
  });

  test('the caller gives up', async () => {
    const { fetch, exchanges } = recording();
    const gone = new AbortController();
    await using site = await cloudAt(() => gone.abort(new Error('enough')), { fetch });
    await expect(site.cloud.compute.servers.get({ id: 'x' }, { signal: gone.signal })).rejects.toThrow(
      'enough',
    );
    expect(exchanges.at(-1)).toMatchObject({ failure: { kind: 'aborted' } });
  });

  test('nobody is there', async () => {
    const { fetch, exchanges } = recording();
    const server = await listening(createServer());
    await server[Symbol.asyncDispose]();
    const cloud = connect({ ...credentials(`http://127.0.0.1:${server.port}/v3`), fetch, retries: 0 });
    await expect(cloud.token()).rejects.toThrow(/ECONNREFUSED/);
    expect(exchanges).toMatchObject([{ failure: { kind: 'unreachable', reason: 'ECONNREFUSED' } }]);
    expect(exchanges[0]).not.toHaveProperty('answer');
  });
});

const IMAGE = {
  id: 'x',
  name: 'web',
  status: 'active',
  visibility: 'private',
  protected: false,
  min_disk: 0,
  min_ram: 0,
  tags: [],
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
};

test('the bytes of an image go both ways, and are not recorded', async () => {
  const { fetch, exchanges, shown } = recording();
  const bytes = Buffer.alloc(300_000, 'Kq7');
  await using site = await cloudAt(
    (request, response) => {
      if (request.method === 'PUT') request.resume().once('end', () => response.writeHead(204).end());
      else if (request.url?.endsWith('/file') === true)
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
      else json(response, 200, { ...IMAGE, size: bytes.length });
    },
    { fetch },
  );
  const { data } = site.cloud.image;
  await data.upload({ id: 'x' }, async function* source() {
    yield bytes.subarray(0, 100_000);
    yield bytes.subarray(100_000);
  });
  const read = await Array.fromAsync(data.download({ id: 'x' }));
  expect(Buffer.concat(read).equals(bytes)).toBe(true);
  const transfers = exchanges.filter(({ url }) => url.endsWith('/file'));
  expect(transfers).toMatchObject([
    { operation: 'data.upload', request: { body: { left: 'stream' } }, answer: { status: 204 } },
    { operation: 'data.download', answer: { status: 200, body: { left: 'stream' } } },
  ]);
  expect(shown()).not.toContain('Kq7');
});

test('a body past the limit is left out, and that is said; the client has it', async () => {
  const { fetch, exchanges } = recording({ maxBody: 1000 });
  await using site = await cloudAt(
    (request, response) => request.resume().once('end', () => json(response, 200, { it: 'y'.repeat(2000) })),
    { fetch },
  );
  const { body } = await site.cloud.request('compute', {
    path: 'x',
    method: 'POST',
    body: { it: 'z'.repeat(1500) },
  });
  expect(body).toEqual({ it: 'y'.repeat(2000) });
  expect(exchanges.at(-1)).toMatchObject({
    request: { body: { left: 'too-large', bytes: 1509 } },
    answer: { body: { left: 'too-large', bytes: 2009 } },
  });
});

test('what a client sees is the same, recorded or not: packed bodies, redirects, HEAD, an empty answer', async () => {
  const services: RequestListener = (request, response) => {
    request.resume();
    if (request.url?.includes('packed') === true) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync('{"ä": "ö"}'));
    } else if (request.url?.includes('moved') === true)
      response.writeHead(302, { location: '../elsewhere' }).end('moved');
    else if (request.method === 'HEAD') response.writeHead(200, { 'content-type': 'application/json' }).end();
    else response.writeHead(204).end();
  };
  const { fetch, exchanges } = recording();
  const seen = [];
  for (const options of [{}, { fetch }]) {
    await using site = await cloudAt(services, options);
    const asked = async (raw: { path: string; method?: 'HEAD' }) =>
      site.cloud.request('compute', raw).then(
        ({ status, body }) => ({ status, body }),
        (error: Error) => error.message.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST'),
      );
    seen.push([
      await asked({ path: 'packed' }),
      await asked({ path: 'moved' }),
      await asked({ path: 'head', method: 'HEAD' }),
      await asked({ path: 'nothing' }),
    ]);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]?.[0]).toEqual({ status: 200, body: { ä: 'ö' } });
  expect(exchanges.slice(1)).toMatchObject([
    { answer: { body: { json: { ä: 'ö' } } } },
    { answer: { status: 302, headers: { location: '../elsewhere' }, body: { text: 'moved' } } },
    { answer: { status: 200 } },
    { answer: { status: 204 } },
  ]);
  for (const { answer } of exchanges.slice(3)) expect(answer).not.toHaveProperty('body');
  expect(exchanges[1]?.answer?.headers).not.toHaveProperty('content-encoding');
});

describe('the sink', () => {
  test('a file that is there is not overwritten, and a folder that is not is told', () => {
    const file = path.join(folder, 'there.jsonl');
    writeFileSync(file, 'precious');
    expect(() => recordConversation({ to: file })).toThrow(/recordConversation: to: .*exist/);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(() => recordConversation({ to: path.join(folder, 'no', 'run.jsonl') })).toThrow(/ENOENT/);
  });

  test('one that throws costs no call, and is told once', async () => {
    const warned: unknown[] = [];
    const listener = (warning: Error) => void warned.push(warning);
    process.on('warning', listener);
    const conversation = recordConversation({
      to: () => {
        throw new TypeError('the disk is full');
      },
    });
    await using site = await cloudAt((_, response) => json(response, 200, {}), { fetch: conversation.fetch });
    for (const place of ['a', 'b']) await site.cloud.request('compute', { path: place });
    expect(conversation).toMatchObject({ recorded: 0, lost: 3 });
    process.off('warning', listener);
    expect(warned).toMatchObject([
      { message: expect.stringContaining('the disk is full'), code: 'GROUNDCREW_CONVERSATION' },
    ]);
  });

  test('past the limit, and after its end, requests go on and are counted', async () => {
    const { conversation, fetch, exchanges } = recording({ limit: 2 });
    await using site = await cloudAt((_, response) => json(response, 200, {}), { fetch });
    for (const place of ['a', 'b']) await site.cloud.request('compute', { path: place });
    expect(conversation).toMatchObject({ recorded: 2, lost: 1 });
    conversation.close();
    await site.cloud.request('compute', { path: 'c' });
    expect(conversation).toMatchObject({ recorded: 2, lost: 2 });
    conversation.close();
    expect(exchanges).toHaveLength(2);
  });

  test('what has not ended when it is closed is written as such', async () => {
    const { conversation, exchanges, fetch } = recording();
    let arrived: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const gone = new AbortController();
    await using site = await cloudAt(() => arrived(), { fetch });
    const call = site.cloud.request('compute', { path: 'x', signal: gone.signal });
    await begun;
    conversation.close();
    gone.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(exchanges.at(-1)).toMatchObject({
      failure: { kind: 'aborted', message: 'the recording ended before the answer came' },
    });
    expect(exchanges).toHaveLength(2);
  });
});

const nowhere = (): void => undefined;
test.each([
  [{}, /recordConversation: to: must be the path of a new file, or a function/],
  [{ to: '' }, /to: /],
  [{ to: nowhere, maxBdy: 1 }, /maxBdy: there is no such field/],
  [{ to: nowhere, limit: 0 }, /limit: /],
  [{ to: nowhere, secrets: [5] }, /secrets\.0: must be text, or a Secret/],
])('options that do not fit: %j', (options, message) => {
  expect(() => recordConversation(options as never)).toThrow(message);
});
