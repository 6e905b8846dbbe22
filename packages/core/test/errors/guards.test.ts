import { createServer, type RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import * as core from '../../src/index.ts';
import { http, table } from './errors-of-each-kind.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

/** Every guard of errors that the package has. */
const guards = Object.entries(core).filter(
  (entry): entry is [string, (error: unknown) => boolean] =>
    /^is[A-Z]/.test(entry[0]) &&
    !['isIdempotent', 'isMicroversion', 'isShape', 'isVersioned'].includes(entry[0]),
);
const holding = (error: unknown): string[] =>
  guards
    .filter(([, guard]) => guard(error))
    .map(([name]) => name)
    .toSorted();

describe('guards', () => {
  test.each(table)('of %s', (_, error, names) => {
    const wanted = ['isGroundcrewError', ...names.split(' ').filter((name) => name !== '')];
    expect(new Set(holding(error))).toEqual(new Set(wanted));
    expect(error.name).toBe(error.constructor.name);
  });

  test('each has an error that it holds for', () => {
    expect([...new Set(table.flatMap(([, error]) => holding(error)))].toSorted()).toEqual(
      guards.map(([name]) => name).toSorted(),
    );
  });

  test.each([
    undefined,
    null,
    'not-found',
    404,
    {},
    { code: 'not-found', remedy: undefined, message: 'no Error' },
    new Error('plain'),
    new TypeError('fetch failed'),
    new DOMException('aborted', 'AbortError'),
    Object.assign(new Error('of the system'), { code: 'ECONNRESET' }),
  ])('none holds for %o', (other) => {
    expect(holding(other)).toEqual([]);
  });

  test('hold across copies of the package', async () => {
    vi.resetModules();
    const copy: typeof core = await import('../../src/index.ts');
    const error = http(404, {}, copy);
    expect(error).not.toBeInstanceOf(core.HttpError);
    expect(holding(error)).toEqual(['isGroundcrewError', 'isHttpError', 'isNotFound']);
  });
});

describe('no secret reaches an error or an event:', () => {
  // Short: JSON's own errors quote a few characters.
  const PASSWORD = 'pa55-cy';
  const SECRET = 'appcred-canary';
  const TOKEN = 'token-1';
  const URL_PASSWORD = 'proxy-canary';

  /** Everything that can be printed of a failure, and of the events before it. */
  async function printed(options: core.ConnectOptions, call: (cloud: core.Cloud) => Promise<unknown>) {
    const cloud = core.connect({ env: {}, clock: new TestClock(), retries: 1, ...options });
    const events: unknown[] = [];
    for (const name of ['request', 'response', 'failure', 'abort', 'retry', 'token', 'wait'] as const) {
      cloud.events.on(name, (event: unknown) => events.push(event));
    }
    const error: unknown = await call(cloud).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    await cloud.close();
    const curl = error instanceof Error && 'curl' in error ? error.curl : '';
    const all = [
      inspect(error, { depth: 10, showHidden: true }),
      JSON.stringify(error),
      String(error),
      curl,
      inspect(events, { depth: 10 }),
      inspect(cloud, { depth: 10 }),
    ];
    return { error, text: all.join('\n') };
  }

  const passwordOf = (url: string): core.ConnectOptions => {
    const { auth } = credentials(`${url}/v3`);
    return { auth: { ...auth, password: PASSWORD } };
  };
  const appCredentialOf = (url: string): core.ConnectOptions => ({
    auth: { auth_url: `${url}/v3`, application_credential_id: 'id', application_credential_secret: SECRET },
  });
  const create = (cloud: core.Cloud) =>
    cloud.compute.at('2.1').servers.create({ name: 's', imageRef: 'i', flavorRef: '1', adminPass: PASSWORD });
  const get = (cloud: core.Cloud) => cloud.compute.keypairs.get({ id: 'k' });
  const refuse =
    (status: number): RequestListener =>
    (request, response) =>
      json(response, status, {
        badRequest: { code: status, message: `I was sent ${JSON.stringify(request.headers)}` },
      });

  test.each<[string, string, RequestListener, core.ConnectOptions?]>([
    ['400', 'bad-request', refuse(400)],
    ['401', 'unauthorized', refuse(401)],
    ['403', 'forbidden', refuse(403)],
    ['500 with a page that shows the request', 'server-error', refuse(500)],
    ['503', 'server-error', refuse(503)],
    ['406', 'microversion', refuse(406)],
    ['a reset', 'unreachable', (request) => request.socket.resetAndDestroy()],
    ['a timeout', 'timeout', () => undefined, { timeout: 50, retries: 0 }],
    [
      'a web page',
      'decode',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    [
      'cut-off JSON with a secret in it',
      'decode',
      (_, response) => response.writeHead(200).end(`{"keypair": {"private_key": ${PASSWORD}`),
    ],
    [
      'a field that does not fit',
      'decode',
      (_, response) => json(response, 200, { keypair: { name: [PASSWORD] } }),
    ],
    [
      'another microversion',
      'microversion',
      (_, response) => json(response, 200, {}, { 'openstack-api-version': 'compute 2.9' }),
    ],
  ])('%s of a service', async (_, code, listener, options) => {
    await using server = await listening(createServer(cloudListener(listener)));
    const url = `http://127.0.0.1:${server.port}`;
    for (const access of [passwordOf(url), appCredentialOf(url)]) {
      for (const call of [create, get]) {
        const { error, text } = await printed({ ...access, ...options }, call);
        expect(error).toHaveProperty('code', code);
        for (const secret of [PASSWORD, SECRET, TOKEN, 'token-2']) expect(text).not.toContain(secret);
      }
    }
  });

  test.each<[string, string, RequestListener, core.ConnectOptions?]>([
    [
      'refuses',
      'auth',
      (_, response) => json(response, 401, { error: { code: 401, title: 'Unauthorized', message: 'no' } }),
    ],
    [
      'is out of order',
      'server-error',
      (_, response) => json(response, 500, { error: { code: 500, message: 'no' } }),
    ],
    ['is no Keystone', 'decode', (_, response) => response.writeHead(200).end('<html>')],
    ['resets', 'unreachable', (request) => request.socket.resetAndDestroy()],
    ['is silent', 'timeout', () => undefined, { timeout: 50, retries: 0 }],
  ])('Keystone %s', async (_, code, listener, options) => {
    await using server = await listening(createServer(listener));
    const url = `http://127.0.0.1:${server.port}`;
    for (const access of [passwordOf(url), appCredentialOf(url)]) {
      const { error, text } = await printed({ ...access, ...options }, get);
      expect(error).toHaveProperty('code', code);
      for (const secret of [PASSWORD, SECRET]) expect(text).not.toContain(secret);
    }
  });

  test('a proxy with a password in its URL cannot be reached', async () => {
    const gone = await listening(createServer());
    await gone[Symbol.asyncDispose]();
    const proxy = `http://me:${URL_PASSWORD}@127.0.0.1:${gone.port}`;
    const { error, text } = await printed({ ...passwordOf('http://keystone.test'), proxy }, get);
    expect(error).toHaveProperty('code', 'unreachable');
    expect(text).not.toContain(URL_PASSWORD);
    expect(text).not.toContain(btoa(`me:${URL_PASSWORD}`));
  });

  test('a URL with a password in it: of Keystone, or of a service', async () => {
    await using server = await listening(createServer(cloudListener(refuse(400))));
    const withPassword = `http://me:${URL_PASSWORD}@127.0.0.1:${server.port}`;
    const wrong = await printed(
      { ...passwordOf(withPassword), endpoint_override: { compute: 'http://127.0.0.1:1/v2.1' } },
      get,
    );
    expect(wrong.error).toBeInstanceOf(Error);
    expect(wrong.text).not.toContain(URL_PASSWORD);
    const access = passwordOf(`http://127.0.0.1:${server.port}`);
    const { error, text } = await printed(
      { ...access, endpoint_override: { compute: `${withPassword}/compute/v2.1` } },
      get,
    );
    expect(error).toBeInstanceOf(Error);
    expect(text).not.toContain(URL_PASSWORD);
  });
});
